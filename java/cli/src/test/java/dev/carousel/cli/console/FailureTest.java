package dev.carousel.cli.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carousel.formats.data.FormatException;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import org.junit.jupiter.api.Test;

final class FailureTest {
  private static String report(Throwable failure, int status) {
    StringWriter text = new StringWriter();
    assertThat(new Failure(false).report(new PrintWriter(text), failure)).isEqualTo(status);
    assertThat(text.toString().lines()).hasSize(1);
    return text.toString().strip();
  }

  @Test
  void eachFailureIsOneLineAndAStatus() {
    assertThat(report(WrongCall.of("There is no %s.", "x"), 2)).isEqualTo("carousel: There is no x.");
    assertThat(report(new FormatException("Damaged."), 1)).isEqualTo("carousel: Damaged.");
    assertThat(report(new NoSuchFileException("a.npy"), 2)).isEqualTo("carousel: a.npy is not there.");
    assertThat(report(new AccessDeniedException("a.npy"), 1))
        .isEqualTo("carousel: a.npy cannot be used: access is denied.");
    assertThat(report(new UncheckedIOException(new IOException("no\n  space")), 1))
        .isEqualTo("carousel: no space.");
    assertThat(report(new IllegalArgumentException("It cannot be."), 1)).isEqualTo("carousel: It cannot be.");
    assertThat(report(new OutOfMemoryError("Java heap space"), 1)).contains("Java heap space", "CAROUSEL_OPTS=-Xmx");
    assertThat(report(new IllegalStateException(), 1)).contains("should not have happened", "IllegalStateException",
        "--stacktrace");
  }
}
