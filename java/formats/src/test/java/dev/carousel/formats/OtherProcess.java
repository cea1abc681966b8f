package dev.carousel.formats;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;

/** Another process, which cuts a file to some bytes when it is told to. */
public final class OtherProcess {
  private final Process process;

  private OtherProcess(Process process) {
    this.process = process;
  }

  /** Starts it. */
  public static OtherProcess thatCuts(Path file, long bytes) throws IOException {
    return new OtherProcess(new ProcessBuilder("sh", "-c", "read go; exec truncate -s " + bytes + " \"$0\"",
        file.toString()).inheritIO().redirectInput(ProcessBuilder.Redirect.PIPE).start());
  }

  /** Cuts a file, and waits until it is. */
  public static void cut(Path file, long bytes) throws IOException, InterruptedException {
    OtherProcess other = thatCuts(file, bytes);
    other.go();
    other.await();
  }

  void go() throws IOException {
    process.getOutputStream().write('\n');
    process.getOutputStream().close();
  }

  void await() throws InterruptedException {
    assertThat(process.waitFor()).isZero();
  }
}
