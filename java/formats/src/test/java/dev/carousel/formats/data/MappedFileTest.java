package dev.carousel.formats.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.carousel.formats.ModelFiles;
import dev.carousel.formats.OtherProcess;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SplittableRandom;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Memory whose file another process has cut: what checksums, inflates or writes it must not end the JVM. */
final class MappedFileTest {
  private static final int BYTES = 1 << 20;

  @TempDir
  private Path folder;

  @BeforeEach
  void filesCanBeCut() {
    assumeThat(Path.of("/proc/self/maps")).as("Linux, where a file can be cut while it is mapped").exists();
  }

  private MemorySegment cut(Path file, Arena arena) throws Exception {
    MemorySegment mapped = MappedFile.map(file, arena);
    OtherProcess.cut(file, 0);
    return mapped;
  }

  private Path noise() throws IOException {
    byte[] noise = new byte[BYTES];
    new SplittableRandom(1).nextBytes(noise);
    return Files.write(folder.resolve("noise"), noise);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void anEntryThatIsGoneIsAnIOException(boolean deflated) throws Exception {
    Path file = folder.resolve("a.zip");
    byte[] noise = Files.readAllBytes(noise());
    try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(file))) {
      ZipEntry entry = new ZipEntry("noise");
      CRC32 crc = new CRC32();
      crc.update(noise);
      entry.setCrc(crc.getValue());
      entry.setSize(noise.length);
      entry.setMethod(deflated ? ZipEntry.DEFLATED : ZipEntry.STORED);
      zip.putNextEntry(entry);
      zip.write(noise);
    }
    try (Arena arena = Arena.ofConfined()) {
      ZipArchive archive = ZipArchive.of(MappedFile.map(file, arena), "a.zip");
      assertThat(archive.entry("noise").byteSize()).isEqualTo(BYTES);
      OtherProcess.cut(file, 0);
      assertThatThrownBy(() -> archive.entry("noise")).isInstanceOf(IOException.class)
          .hasMessageContaining("something else cut the file");
    }
  }

  @Test
  void checksumsOfWhatIsGoneAreIOExceptions() throws Exception {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment gone = cut(noise(), arena);
      assertThatThrownBy(() -> Checksums.crc32(gone)).isInstanceOf(IOException.class);
      assertThatThrownBy(() -> Checksums.crc32c(gone)).isInstanceOf(IOException.class);
    }
  }

  @Test
  void aModelInWhatIsGoneIsAnIOException() throws Exception {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment gone = cut(noise(), arena);
      assertThatThrownBy(() -> ModelFiles.read(gone, "the model")).isInstanceOf(IOException.class)
          .hasMessageContaining("A part of the model could not be reached in its file");
    }
  }

  @Test
  void whatIsGoneIsNotWritten() throws Exception {
    try (Arena arena = Arena.ofConfined(); NewFile target = NewFile.at(folder.resolve("copy"))) {
      MemorySegment gone = cut(noise(), arena);
      assertThatThrownBy(() -> target.write(gone)).isInstanceOf(IOException.class)
          .hasMessageContaining("something else cut the file");
    }
    assertThat(folder.resolve("copy")).doesNotExist();
  }

  @Test
  void aNewFileThatIsCutIsAnIOException() throws Exception {
    Path file = folder.resolve("new");
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment memory = MappedFile.create(file, BYTES, arena);
      OtherProcess.cut(file, 0);
      assertThatThrownBy(() -> MappedFile.reading("y", () -> memory.fill((byte) 1))).isInstanceOf(IOException.class)
          .hasMessageContaining("A part of y could not be reached in its file");
    }
  }
}
