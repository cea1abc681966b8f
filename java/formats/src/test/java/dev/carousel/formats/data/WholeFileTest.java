package dev.carousel.formats.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class WholeFileTest {
  @TempDir
  private Path folder;

  private final byte[] content = new byte[100_001];
  private Path file;

  @BeforeEach
  void aFile() throws IOException {
    new SplittableRandom(1).nextBytes(content);
    file = Files.write(folder.resolve("a"), content);
  }

  @Test
  void aCopyIsReadThatNobodyWrites() throws IOException {
    MemorySegment bytes = WholeFile.read(file);
    assertThat(bytes.toArray(ValueLayout.JAVA_BYTE)).isEqualTo(content);
    assertThat(bytes.isReadOnly()).isTrue();
    assertThat(bytes.isMapped()).isFalse();
    assertThat(WholeFile.read(Files.createFile(folder.resolve("empty"))).byteSize()).isZero();
  }

  @Test
  void whatIsCutBetweenItsOpeningAndItsReadingIsSaid() throws IOException {
    try (Arena arena = Arena.ofConfined();
        FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      MemorySegment bytes = arena.allocate(channel.size());
      channel.truncate(70);
      assertThatThrownBy(() -> WholeFile.fill(bytes, channel, file)).isInstanceOf(IOException.class)
          .hasMessage(file + " had 100001 bytes when it was opened, and ended after 70 when it was read: something else"
              + " cut it meanwhile. Read it again when it is whole.");
    }
  }

  @Test
  void whatIsLargerThanTheMachineIsRefused() throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      channel.write(ByteBuffer.allocate(1), 1L << 42); // of which the disk keeps a block
    }
    assertThatThrownBy(() -> WholeFile.read(file)).isInstanceOf(IOException.class)
        .hasMessageContaining("has 4398046511105 bytes, more than there is memory for");
  }

  @Test
  void aFolderIsRefused() {
    assertThatThrownBy(() -> WholeFile.read(folder)).isInstanceOf(FormatException.class)
        .hasMessageContaining("is a folder, and a file is needed");
  }
}
