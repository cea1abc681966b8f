package dev.carousel.cli.console;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A stream of this process that takes what is written until writing fails, and then nothing more. A command in a pipe
 * whose reader has seen enough goes on in silence; a full disk is told at the end.
 */
public final class StandardStream extends OutputStream {
  private final FileOutputStream stream;
  private @Nullable IOException failure;

  /** One of standard output and standard error. */
  public StandardStream(FileDescriptor descriptor) {
    stream = new FileOutputStream(descriptor);
  }

  @Override
  public void write(int value) {
    write(new byte[]{(byte) value}, 0, 1);
  }

  @Override
  public void write(byte[] bytes, int offset, int length) {
    if (failure == null) {
      try {
        stream.write(bytes, offset, length);
      } catch (IOException broken) {
        failure = broken;
      }
    }
  }

  /** Why not all was written; nothing where the reader of a pipe has gone. */
  public Optional<IOException> failure() {
    return Optional.ofNullable(failure)
        .filter(broken -> !String.valueOf(broken.getMessage()).toLowerCase(Locale.ROOT).contains("pipe"));
  }
}
