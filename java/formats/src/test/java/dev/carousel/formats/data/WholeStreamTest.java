package dev.carousel.formats.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.carousel.formats.ModelFiles;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class WholeStreamTest {
  private static final int MIB = 1 << 20;

  /** Zeros, of which there are so many. */
  private static final class Zeros extends InputStream {
    private long left;
    private boolean closed;

    Zeros(long count) {
      left = count;
    }

    @Override
    public int read() {
      return left-- > 0 ? 0 : -1;
    }

    @Override
    public int read(byte[] target, int from, int most) {
      int count = (int) Math.min(most, left);
      left -= count;
      return count > 0 ? count : -1;
    }

    @Override
    public void close() {
      closed = true;
    }
  }

  /** Reads so many zeros as a stream, as a process with little memory does, and says what came of it. */
  static final class Reader {
    private Reader() {}

    static void main(String[] arguments) {
      try (InputStream zeros = new Zeros(Long.parseLong(arguments[0]))) {
        IO.println(Source.of(zeros, "the model").bytes().byteSize());
      } catch (IOException failure) {
        IO.println(failure.getMessage());
      }
    }
  }

  private static String readWith(String memory, long zeros) throws Exception {
    Process process = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xmx64m",
        "-XX:MaxDirectMemorySize=" + memory, "-cp", System.getProperty("java.class.path"), Reader.class.getName(),
        Long.toString(zeros)).redirectErrorStream(true).start();
    try (InputStream said = process.getInputStream()) {
      return new String(said.readAllBytes(), StandardCharsets.UTF_8).strip();
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, (1 << 16) - 1, 1 << 16, (1 << 16) + 1, 3 << 16, (1 << 20) + 7, 40 * MIB + 1})
  void aStreamOfAnyLengthIsReadToItsEnd(int length) throws IOException {
    byte[] content = new byte[length];
    new SplittableRandom(length).nextBytes(content);
    MemorySegment bytes = WholeStream.read(new ByteArrayInputStream(content), "the model");
    assertThat(bytes.mismatch(MemorySegment.ofArray(content))).isEqualTo(-1);
    assertThat(bytes.isReadOnly()).isTrue();
    assertThat(bytes.isNative()).isTrue();
  }

  @Test
  void theRestOfAStreamIsReadAndTheStreamLeftOpen() throws IOException {
    Zeros zeros = new Zeros(10);
    assertThat(zeros.skip(4)).isEqualTo(4);
    assertThat(WholeStream.read(zeros, "the model").toArray(ValueLayout.JAVA_BYTE)).isEqualTo(new byte[6]);
    assertThat(zeros.closed).isFalse();
  }

  @Test
  void anEmptyStreamIsNoModel() {
    assertThatThrownBy(() -> ModelFiles.read(InputStream.nullInputStream(), "the model"))
        .isInstanceOf(FormatException.class).hasMessage("the model is empty.");
  }

  @Test
  void aStreamThatFailsIsAnIOException() {
    for (Exception failure : new Exception[]{new IOException("the line is cut"), new IllegalStateException("closed"),
        new UncheckedIOException(new IOException("the line is cut"))}) {
      InputStream broken = new SequenceInputStream(new Zeros(MIB), new InputStream() {
        @Override
        public int read() throws IOException {
          if (failure instanceof RuntimeException unchecked) {
            throw unchecked;
          }
          throw new IOException(failure.getMessage());
        }

        @Override
        public int read(byte[] target, int from, int most) throws IOException {
          return read();
        }
      });
      assertThatThrownBy(() -> ModelFiles.read(broken, "the model")).isInstanceOf(IOException.class)
          .hasMessageStartingWith("the model could not be read to its end: its stream failed behind byte 1048576 with")
          .hasMessageContaining(failure.getMessage())
          .hasMessageEndingWith("Read it again from a stream that is whole.");
    }
  }

  @Test
  void aStreamThatOutgrowsTheMemoryIsAnIOException() throws Exception {
    assertThat(readWith("64m", Long.MAX_VALUE)).startsWith("the model had not ended after ")
        .contains("there is no memory for more. Raise -XX:MaxDirectMemorySize");
  }

  /** 24 MiB lie in pieces of up to 16 MiB, and then once more. */
  @Test
  void noMoreIsTakenThanTwiceItsLengthAndAPiece() throws Exception {
    assertThat(readWith("65m", 24 * MIB)).isEqualTo(Long.toString(24 * MIB));
  }
}
