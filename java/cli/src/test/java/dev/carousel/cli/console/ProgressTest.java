package dev.carousel.cli.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

final class ProgressTest {
  private final StringWriter text = new StringWriter();
  private final AtomicLong clock = new AtomicLong();

  private Progress progress(boolean shown) {
    return new Progress(new PrintWriter(text), shown, 200, clock::get);
  }

  private void pass(long milliseconds) {
    clock.addAndGet(TimeUnit.MILLISECONDS.toNanos(milliseconds));
  }

  @Test
  void whatTakesLessThanASecondShowsNothing() {
    Progress progress = progress(true);
    pass(900);
    progress.at(100);
    progress.end();
    assertThat(text.toString()).isEmpty();
  }

  @Test
  void aLongerRunShowsHowMuchIsLeftAndTakesTheBarAway() {
    Progress progress = progress(true);
    pass(30_000);
    progress.at(50);
    assertThat(text.toString()).startsWith("\r[#######.......................]  25 %, 1:30 left");
    String bar = text.toString();
    progress.at(51);
    assertThat(text.toString()).as("not at every call").isEqualTo(bar);
    progress.end();
    assertThat(text.toString().substring(bar.length())).matches("\r +\r");
  }

  @Test
  void whereThereIsNoTerminalThereIsNoBar() {
    Progress progress = progress(false);
    pass(30_000);
    progress.at(50);
    progress.end();
    assertThat(text.toString()).isEmpty();
  }
}
