package dev.carousel.formats.npy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.carousel.formats.damage.Mutations;
import dev.carousel.formats.data.Element;
import dev.carousel.formats.data.FormatException;
import dev.carousel.formats.data.NdArray;
import dev.carousel.formats.data.NewFile;
import dev.carousel.formats.data.ZipWriter;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Files of arrays that numpy wrote, and our own read by others. */
final class NpzTest {
  @TempDir
  private Path folder;

  private static void checkArrays(Map<String, Npy> arrays) {
    assertThat(arrays.keySet()).containsExactly("one", "deep/two", "wärme", "none");
    assertThat(arrays.values().stream().map(Npy::rowMajor)).extracting(NdArray::toString).containsExactly("F32[2, 3]",
        "F64[3, 4]", "I64[5]", "F32[0]");
    arrays.values().forEach(array -> Fixture.checkNumbers(array.rowMajor()));
  }

  @ParameterizedTest
  @ValueSource(strings = {"stored.npz", "deflated.npz"})
  void arraysAreReadByName(String name) throws IOException {
    checkArrays(Npz.read(Fixture.file(name)));
  }

  @Test
  void whatIsWrittenIsReadAgain() throws IOException {
    Map<String, NdArray> arrays = new LinkedHashMap<>();
    Npz.read(Fixture.file("deflated.npz")).forEach((name, array) -> arrays.put(name, array.rowMajor()));
    Path file = folder.resolve("copy.npz");
    Npz.write(file, arrays);
    checkArrays(Npz.read(file));
  }

  @Test
  void othersReadWhatIsWritten() throws IOException {
    Path file = folder.resolve("a.npz");
    Npz.write(file, Map.of("flat", Npy.read(Fixture.file("flat.npy")).array()));
    try (ZipFile zip = new ZipFile(file.toFile())) {
      byte[] entry = zip.getInputStream(zip.getEntry("flat.npy")).readAllBytes(); // checks the checksum
      assertThat(entry).isEqualTo(Files.readAllBytes(Fixture.file("flat.npy")));
    }
  }

  @Test
  void moreEntriesThan16BitsCountAreWrittenAndRead() throws IOException {
    Map<String, NdArray> arrays = new LinkedHashMap<>();
    for (int i = 0; i < 66_000; i++) {
      arrays.put("a" + i, NdArray.of(List.of(), i));
    }
    Path file = folder.resolve("many.npz");
    Npz.write(file, arrays);
    Map<String, Npy> read = Npz.read(file);
    assertThat(read).hasSize(66_000);
    assertThat(List.copyOf(read.values()).getLast().array().getFloat(0)).isEqualTo(65_999);
    try (ZipFile zip = new ZipFile(file.toFile())) {
      assertThat(zip.size()).isEqualTo(66_000);
    }
  }

  @Test
  void aPickledArrayIsRefusedByName() {
    assertThatThrownBy(() -> Npz.read(Fixture.file("objects.npz"))).isInstanceOf(FormatException.class)
        .hasMessageStartingWith("things.npy of ").hasMessageContaining("never run");
  }

  @Test
  void anEntryThatIsNoArrayIsRefused() throws IOException {
    Path file = folder.resolve("a.npz");
    try (NewFile target = NewFile.at(file)) {
      ZipWriter zip = new ZipWriter(target);
      zip.add("readme.txt", MemorySegment.ofArray(new byte[10]));
      zip.finish();
      target.complete();
    }
    assertThatThrownBy(() -> Npz.read(file)).isInstanceOf(FormatException.class)
        .hasMessageContaining("readme.txt, which is no array");
  }

  @Test
  void aFailureLeavesTheFileThatWasThere() throws IOException {
    Path file = Files.writeString(folder.resolve("a.npz"), "before");
    NdArray bfloats = new NdArray(Element.BF16, List.of(1L), MemorySegment.ofArray(
        new byte[2]));
    assertThatThrownBy(() -> Npz.write(file, Map.of("a", bfloats))).isInstanceOf(FormatException.class);
    assertThat(file).hasContent("before");
    try (var files = Files.list(folder)) {
      assertThat(files).containsExactly(file);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"stored.npz", "deflated.npz"})
  void damagedFilesAreRefused(String name) throws IOException {
    Mutations.survive(folder, name, Files.readAllBytes(Fixture.file(name)), file -> {
      for (Npy array : Npz.read(file).values()) {
        array.rowMajor().floats();
      }
    });
  }
}
