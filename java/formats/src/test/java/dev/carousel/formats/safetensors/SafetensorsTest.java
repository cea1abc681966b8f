package dev.carousel.formats.safetensors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.carousel.formats.damage.Mutations;
import dev.carousel.formats.data.Element;
import dev.carousel.formats.data.FormatException;
import dev.carousel.formats.data.NdArray;
import dev.carousel.formats.data.WholeFile;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The layout of the format, and files that break its rules. */
final class SafetensorsTest {
  private static final String TWO = "{'b':{'dtype':'F32','shape':[2],'data_offsets':[4,12]},"
      + "'a':{'dtype':'I16','shape':[2,1],'data_offsets':[0,4]},'__metadata__':{'who':'me'}}";

  @TempDir
  private Path folder;

  private static MemorySegment file(String header, int dataBytes) {
    byte[] text = header.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
    ByteBuffer bytes = ByteBuffer.allocate(8 + text.length + dataBytes).order(ByteOrder.LITTLE_ENDIAN);
    bytes.putLong(text.length).put(text);
    return MemorySegment.ofArray(bytes.array());
  }

  private static Safetensors parse(String header, int dataBytes) throws FormatException {
    return Safetensors.parse(file(header, dataBytes), "a.safetensors");
  }

  private static Map<String, NdArray> tensors() {
    Map<String, NdArray> tensors = new LinkedHashMap<>();
    for (Element element : Element.values()) {
      MemorySegment data = Arena.ofAuto().allocate(3L * element.bytes());
      for (int i = 0; i < 3; i++) {
        element.setFloat(data, i, i - 1);
      }
      tensors.put("t." + element, new NdArray(element, List.of(3L, 1L), data));
    }
    tensors.put("empty \"\u00e4\"", NdArray.of(List.of(0L, 5L)));
    tensors.put("scalar", NdArray.of(List.of(), 7));
    return tensors;
  }

  @Test
  void whatIsWrittenIsReadAgain() throws IOException {
    Path file = folder.resolve("a.safetensors");
    Safetensors.write(file, tensors(), Map.of("who", "me\n"));
    Safetensors read = Safetensors.read(file);
    assertThat(read.metadata()).containsExactly(Map.entry("who", "me\n"));
    assertThat(read.names()).containsExactlyInAnyOrderElementsOf(tensors().keySet());
    for (Map.Entry<String, NdArray> entry : tensors().entrySet()) {
      NdArray tensor = read.tensor(entry.getKey());
      assertThat(tensor).hasToString(entry.getValue().toString());
      assertThat(tensor.data().mismatch(entry.getValue().data())).isEqualTo(-1);
      assertThat(tensor.data().address() % tensor.element().bytes()).isZero();
    }
    assertThat(read.data().address() % 64).isZero();
  }

  @Test
  void aFileMayBeReplacedByWhatWasReadFromIt() throws IOException {
    Path file = folder.resolve("a.safetensors");
    Safetensors.write(file, tensors(), Map.of());
    Safetensors read = Safetensors.read(file);
    Safetensors.write(file, Map.of("scalar", read.tensor("scalar")), Map.of());
    assertThat(Safetensors.read(file).tensor("scalar").getFloat(0)).isEqualTo(7);
    assertThat(read.tensor("t.I64").getLong(2)).isEqualTo(1); // of the old file
    try (var files = Files.list(folder)) {
      assertThat(files).containsExactly(file);
    }
  }

  @Test
  void tensorsOfAnyElementAreListedAndOnlyThoseOfOursAreGiven() throws IOException {
    Safetensors read = parse(TWO, 12);
    assertThat(read.names()).containsExactly("b", "a");
    assertThat(read.metadata()).containsExactly(Map.entry("who", "me"));
    assertThat(read.tensor("b")).hasToString("F32[2]");
    assertThatThrownBy(() -> read.tensor("a")).isInstanceOf(FormatException.class)
        .hasMessageContainingAll("Tensor a of a.safetensors is of I16", "Convert it before it is saved");
    assertThatThrownBy(() -> read.tensor("c")).isInstanceOf(FormatException.class)
        .hasMessage("a.safetensors has no tensor c; it has b, a.");
  }

  @Test
  void aTensorStaysInTheMemoryOfTheFile() throws IOException {
    Path file = folder.resolve("a.safetensors");
    Safetensors.write(file, tensors(), Map.of());
    MemorySegment bytes = WholeFile.read(file);
    NdArray tensor = Safetensors.parse(bytes, "it").tensor("t.F32");
    assertThat(tensor.floats().address()).isBetween(bytes.address(), bytes.address() + bytes.byteSize());
  }

  @Test
  void aHeaderOfNothingIsAFileOfNothing() throws IOException {
    assertThat(parse("{}", 0).names()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', quoteCharacter = '~', value = {
      "[4,12] | [4,13] | 12 | is to stand at [4, 13], and there are 12 bytes",
      "[4,12] | [4,9223372036854775807] | 12 | is to stand at",
      "[4,12] | [-4,4] | 12 | is to stand at",
      "[4,12] | [12,4] | 12 | is to stand at",
      "[4,12] | [4] | 12 | is to stand at [4]",
      "[4,12] | [4,12,12] | 12 | is to stand at",
      "[4,12] | [0,8] | 12 | The file is damaged",
      "[4,12] | [5,13] | 13 | begins at byte 5, and the one before it ends at 4",
      "[4,12] | [3,11] | 12 | begins at byte 3, and the one before it ends at 4",
      "[4,12] | [4,12] | 13 | has 13 bytes behind its header, and its tensors take 12",
      "'shape':[2] | 'shape':[3] | 12 | is F32[3] and has 8 bytes",
      "'shape':[2] | 'shape':[-2] | 12 | has the shape [-2]",
      "'shape':[2] | 'shape':[4294967296,4294967296] | 12 | has the shape [4294967296, 4294967296], which no file holds",
      "'shape':[2] | 'shape':[4611686018427387904] | 12 | has 8 bytes",
      "'shape':[2] | 'shape':[2.0] | 12 | where a whole number",
      "'shape':[2] | 'shape':2 | 12 | where an array is needed",
      "'shape':[2] | 'shape':[2],'sape':[2] | 12 | has a field \"sape\"",
      "'shape':[2], | ~~ | 12 | lacks the field \"shape\"",
      "'F32' | 32 | 12 | where a string is needed",
      "'F32' | 'F64' | 12 | is F64[2] and has 8 bytes",
      "'who':'me' | 'who':1 | 12 | where a string is needed",
      "'a' | 'b' | 12 | JSON says the member \"b\" twice",
      "'a' | 'a\\n' | 12 | whose name cannot be shown",
      "{'b' | ['b' | 12 | a header that is no object",
      "{'b' | {b' | 12 | The header of a.safetensors cannot be read: JSON needs a member's name"})
  void whatBreaksARuleIsRefused(String from, String to, int bytes, String message) {
    assertThat(TWO).contains(from);
    assertThatThrownBy(() -> parse(TWO.replace(from, to), bytes)).isInstanceOf(FormatException.class)
        .hasMessageContaining(message);
  }

  @Test
  void aLengthThatLiesIsRefused() {
    for (long length : new long[]{0, 1, -1, 1000, 100_000_001, Long.MAX_VALUE, Long.MIN_VALUE}) {
      MemorySegment file = file(TWO, 12);
      file.set(ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN), 0, length);
      assertThatThrownBy(() -> Safetensors.parse(file, "a.safetensors")).isInstanceOf(FormatException.class)
          .hasMessageContaining("a.safetensors");
    }
  }

  @Test
  void aTruncatedFileIsRefused() {
    byte[] whole = file(TWO, 12).toArray(ValueLayout.JAVA_BYTE);
    for (int length = 0; length < whole.length; length++) {
      MemorySegment part = MemorySegment.ofArray(Arrays.copyOf(whole, length));
      assertThatThrownBy(() -> Safetensors.parse(part, "a.safetensors")).isInstanceOf(FormatException.class);
    }
  }

  @Test
  void filesOfTheFormatAreRecognised() throws IOException {
    assertThat(Safetensors.looksLike(file(TWO, 12))).isTrue();
    assertThat(Safetensors.looksLike(file("{}", 0))).isTrue();
    assertThat(Safetensors.looksLike(WholeFile.read(Models.fixture("lstm.safetensors")))).isTrue();
    assertThat(Safetensors.looksLike(WholeFile.read(Models.fixture("lstm.npz")))).isFalse();
    assertThat(Safetensors.looksLike(MemorySegment.ofArray(new byte[9]))).isFalse();
    assertThat(Safetensors.looksLike(file("[1]", 0))).isFalse();
  }

  @Test
  void aTensorMayNotTakeTheFormatsOwnName() {
    assertThatThrownBy(() -> Safetensors.write(folder.resolve("a"), Map.of("__metadata__", NdArray.of(List.of(), 1)),
        Map.of())).isInstanceOf(FormatException.class).hasMessageContaining("takes for itself");
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void damagedFilesAreRefused() throws IOException {
    Path file = folder.resolve("whole.safetensors");
    Safetensors.write(file, tensors(), Map.of("who", "me"));
    Mutations.survive(folder, "damaged.safetensors", Files.readAllBytes(file), damaged -> {
      Safetensors read = Safetensors.read(damaged);
      for (String name : read.names()) {
        read.tensor(name).floats();
      }
    });
  }
}
