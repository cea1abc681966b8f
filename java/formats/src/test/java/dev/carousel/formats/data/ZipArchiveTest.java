package dev.carousel.formats.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.carousel.formats.damage.Mutations;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Zip files that java.util.zip wrote, whole and changed by hand. */
final class ZipArchiveTest {
  private static final int LIST = 0x02014b50;

  /** A zip file of entries: name, content, name, content. */
  static byte[] zip(boolean deflated, Object... entries) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
      for (int i = 0; i < entries.length; i += 2) {
        byte[] content = (byte[]) entries[i + 1];
        ZipEntry entry = new ZipEntry((String) entries[i]);
        if (!deflated) {
          CRC32 crc = new CRC32();
          crc.update(content);
          entry.setMethod(ZipEntry.STORED);
          entry.setSize(content.length);
          entry.setCrc(crc.getValue());
        }
        zip.putNextEntry(entry);
        zip.write(content);
      }
    }
    return bytes.toByteArray();
  }

  private static ZipArchive archive(byte[] zip) throws IOException {
    MemorySegment file = Arena.ofAuto().allocate(zip.length);
    MemorySegment.copy(zip, 0, file, ValueLayout.JAVA_BYTE, 0, zip.length);
    return ZipArchive.of(file, "a.zip");
  }

  private static byte[] text(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static byte[] random(int count) {
    byte[] bytes = new byte[count];
    new SplittableRandom(count).nextBytes(bytes);
    return bytes;
  }

  /** The place of a signature in a file, the last one. */
  private static int last(byte[] zip, int signature) {
    ByteBuffer bytes = ByteBuffer.wrap(zip).order(ByteOrder.LITTLE_ENDIAN);
    int at = zip.length - 4;
    while (bytes.getInt(at) != signature) {
      at--;
    }
    return at;
  }

  private static ByteBuffer list(byte[] zip) {
    return ByteBuffer.wrap(zip).order(ByteOrder.LITTLE_ENDIAN).position(last(zip, LIST));
  }

  private static void refused(byte[] zip, String... words) {
    assertThatThrownBy(() -> {
      ZipArchive archive = archive(zip);
      for (String name : archive.names()) {
        archive.entry(name);
      }
    }).isInstanceOf(FormatException.class).hasMessageContainingAll(words);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void entriesAreReadByName(boolean deflated) throws IOException {
    byte[] noise = random(100_000);
    ZipArchive archive = archive(zip(deflated, "one", text("first"), "a/two", noise, "kälte", new byte[0], "a/",
        new byte[0]));
    assertThat(archive.names()).containsExactly("one", "a/two", "kälte");
    assertThat(archive.entry("one").toArray(ValueLayout.JAVA_BYTE)).isEqualTo(text("first"));
    assertThat(archive.entry("a/two").toArray(ValueLayout.JAVA_BYTE)).isEqualTo(noise);
    assertThat(archive.entry("kälte").byteSize()).isZero();
    assertThatThrownBy(() -> archive.entry("three")).isInstanceOf(FormatException.class)
        .hasMessage("a.zip has no entry three; it has one, a/two, kälte.");
  }

  @Test
  void storedEntriesAreNotCopied() throws IOException {
    byte[] zip = zip(false, "one", text("first"));
    MemorySegment file = Arena.ofAuto().allocate(zip.length);
    MemorySegment.copy(zip, 0, file, ValueLayout.JAVA_BYTE, 0, zip.length);
    MemorySegment entry = ZipArchive.of(file, "a.zip").entry("one");
    assertThat(entry.address()).isBetween(file.address(), file.address() + file.byteSize());
  }

  @Test
  void anEmptyArchiveHasNoNames() throws IOException {
    assertThat(archive(zip(true)).names()).isEmpty();
  }

  @Test
  void aCommentAtTheEndIsPassedOver() throws IOException {
    byte[] zip = zip(true, "one", text("first"));
    byte[] longer = Arrays.copyOf(zip, zip.length + 100);
    longer[zip.length - 2] = 100;
    assertThat(archive(longer).names()).containsExactly("one");
  }

  @Test
  void aChangedByteIsFoundByTheChecksum() throws IOException {
    byte[] zip = zip(false, "one", text("first"));
    zip[33 + 2] ^= 1;
    refused(zip, "Entry one of a.zip does not have the checksum");
  }

  @Test
  void aTruncatedFileIsRefused() throws IOException {
    byte[] zip = zip(true, "one", random(1000));
    for (int length = 0; length < zip.length; length++) {
      refused(Arrays.copyOf(zip, length), "damaged or incomplete");
    }
  }

  @Test
  void somethingBeforeTheArchiveIsRefused() throws IOException {
    byte[] zip = zip(true, "one", text("first"));
    byte[] longer = new byte[zip.length + 8];
    System.arraycopy(zip, 0, longer, 8, zip.length);
    refused(longer, "something stands before it");
  }

  @Test
  void twoEntriesOfOneNameAreRefused() throws IOException {
    byte[] zip = zip(false, "one", text("first"), "two", text("second"));
    byte[] changed = new String(zip, StandardCharsets.ISO_8859_1).replace("two", "one")
        .getBytes(StandardCharsets.ISO_8859_1);
    refused(changed, "a.zip has two entries called one.");
  }

  @Test
  void aPickleIsRefusedByName() throws IOException {
    refused(zip(false, "model/data.pkl", text("cos")), "model/data.pkl, a pickle of PyTorch", "never run",
        "safetensors.torch.save_file", "torch.onnx.export");
  }

  @Test
  void anEncryptedEntryIsRefused() throws IOException {
    byte[] zip = zip(true, "one", text("first"));
    ByteBuffer list = list(zip);
    list.put(list.position() + 8, (byte) (list.get(list.position() + 8) | 1));
    refused(zip, "Entry one of a.zip is encrypted", "without a password");
  }

  @Test
  void anotherMethodIsRefused() throws IOException {
    byte[] zip = zip(true, "one", text("first"));
    ByteBuffer list = list(zip);
    list.putShort(list.position() + 10, (short) 14);
    refused(zip, "Entry one of a.zip is packed by method 14", "Stored and deflated");
  }

  @Test
  void anEntryThatInflatesWithoutEndIsRefusedBeforeItIsInflated() throws IOException {
    refused(zip(true, "zeros", new byte[70 << 20]), "would inflate from", "to 73400320", "without packing");
  }

  @Test
  void manyEntriesThatTogetherInflateWithoutEndAreRefused() throws IOException {
    byte[] part = new byte[33 << 20];
    refused(zip(true, "one", part, "two", part), "would inflate from");
  }

  @Test
  void whatInflatesToLessThan64MebibytesIsRead() throws IOException {
    assertThat(archive(zip(true, "zeros", new byte[60 << 20])).entry("zeros").byteSize()).isEqualTo(60 << 20);
  }

  @Test
  void aSizeThatLiesIsRefused() throws IOException {
    for (int lie : new int[]{0, 99, 101, 1000, Integer.MAX_VALUE, -2}) {
      byte[] zip = zip(true, "one", random(100));
      ByteBuffer list = list(zip);
      list.putInt(list.position() + 24, lie);
      refused(zip, "Entry one of a.zip");
    }
  }

  @Test
  void aPackedSizeThatLiesIsRefused() throws IOException {
    for (int lie : new int[]{0, 99, 104, 106, 107, Integer.MAX_VALUE, -2}) {
      byte[] zip = zip(true, "one", random(100));
      ByteBuffer list = list(zip);
      assertThat(list.getInt(list.position() + 20)).isEqualTo(105);
      list.putInt(list.position() + 20, lie);
      refused(zip, "Entry one of a.zip");
    }
  }

  @Test
  void overlappingEntriesAreRefused() throws IOException {
    byte[] zip = zip(true, "one", random(100), "two", random(200));
    ByteBuffer list = list(zip);
    int first = list.position() - 49;
    list.putInt(first + 20, list.getInt(first + 20) + 20);
    refused(zip, "Entry one of a.zip overlaps two");
  }

  @Test
  void whatTheListCallsOtherwiseIsRefused() throws IOException {
    byte[] zip = zip(true, "one", text("first"));
    zip[30] = 'O';
    refused(zip, "Entry one of a.zip is not what the list of entries says of it");
  }

  @Test
  void aCountOfEntriesThatLiesIsRefused() throws IOException {
    for (int lie : new int[]{0, 2, 0xffff}) {
      byte[] zip = zip(true, "one", text("first"));
      ByteBuffer.wrap(zip).order(ByteOrder.LITTLE_ENDIAN).putShort(zip.length - 12, (short) lie);
      refused(zip, "a.zip");
    }
  }

  @Test
  void damagedArchivesAreRefused(@TempDir Path folder) throws IOException {
    for (boolean deflated : new boolean[]{true, false}) {
      Mutations.survive(folder, deflated ? "deflated.zip" : "stored.zip",
          zip(deflated, "one", text("first ".repeat(20)), "two", random(300)), file -> {
            ZipArchive archive = ZipArchive.of(WholeFile.read(file), file.toString());
            for (String name : archive.names()) {
              archive.entry(name);
            }
          });
    }
  }
}
