package dev.carousel.formats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.carousel.formats.CuttableFiles.Kind;
import dev.carousel.formats.CuttableFiles.Numbers;
import dev.carousel.formats.data.MappedFile;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SplittableRandom;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Files that another process cuts while they are read, or afterwards: an IOException at most, never the JVM's end. */
final class CutFilesTest {
  private static final int ROUNDS = 10;
  private static final int LATEST_MICROS = 2500; // after it is told to, the other process takes about a millisecond
  private static final long PAGE = 4096; // within one, what is cut off reads as zeros and as no fault
  private static final int READS = 10;
  private static final Path MAPS = Path.of("/proc/self/maps");

  @TempDir
  private static Path folder;

  private static CuttableFiles files;

  @BeforeAll
  static void files() throws IOException {
    assumeThat(MAPS).as("Linux, where a file can be cut while it is mapped, and says what is").exists();
    files = new CuttableFiles(folder);
  }

  @ParameterizedTest
  @EnumSource
  void aCutAtAnyMomentIsAnIOException(Kind kind) throws Exception {
    double expected = sum(kind, files.fresh(kind));
    long pages = Files.size(files.fresh(kind)) / PAGE + 1;
    SplittableRandom random = new SplittableRandom(kind.name().hashCode());
    for (int i = 0; i < ROUNDS; i++) {
      Path file = files.fresh(kind);
      OtherProcess other = OtherProcess.thatCuts(file, PAGE * random.nextLong(pages));
      other.go();
      LockSupport.parkNanos(1000L * random.nextInt(LATEST_MICROS));
      try {
        assertThat(sum(kind, file)).isEqualTo(expected);
      } catch (IOException failure) {
        assertThat(failure.getMessage()).endsWith(".");
      }
      other.await();
    }
  }

  private static double sum(Kind kind, Path file) throws IOException {
    try (Arena arena = Arena.ofConfined()) {
      return MappedFile.reading(file.toString(), () -> kind.read(file, arena).sum());
    }
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.MATCH_NONE, names = "MAPPED_.*")
  void whatWasReadOutlivesItsFile(Kind kind) throws Exception {
    double expected = sum(kind, files.fresh(kind));
    Path file = files.fresh(kind);
    try (Arena arena = Arena.ofConfined()) {
      Numbers numbers = kind.read(file, arena);
      OtherProcess.cut(file, 0);
      assertThat(numbers.sum()).isEqualTo(expected);
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"MAPPED_NPY", "MAPPED_STORED"})
  void whatIsMappedAndCutIsAnIOException(Kind kind) throws Exception {
    Path file = files.fresh(kind);
    try (Arena arena = Arena.ofConfined()) {
      Numbers numbers = kind.read(file, arena);
      OtherProcess.cut(file, 0);
      assertThatThrownBy(() -> MappedFile.reading("x", numbers::sum)).isInstanceOf(IOException.class)
          .hasMessageContaining("A part of x could not be reached in its file: something else cut the file");
    }
  }

  @ParameterizedTest
  @EnumSource
  void nothingStaysMapped(Kind kind) throws Exception {
    Path file = files.fresh(kind);
    for (int i = 0; i < READS; i++) {
      try (Arena arena = Arena.ofConfined()) {
        assertThat(kind.read(file, arena)).isNotNull();
      }
    }
    try (Stream<String> lines = Files.lines(MAPS)) {
      assertThat(lines.filter(line -> line.contains(folder.toString()))).isEmpty();
    }
  }
}
