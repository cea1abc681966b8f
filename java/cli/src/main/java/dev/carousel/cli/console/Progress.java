package dev.carousel.cli.console;

import java.io.PrintWriter;
import java.util.Locale;
import java.util.function.LongSupplier;

/** A bar on a terminal that shows how far something is that takes more than a second; elsewhere nothing. */
public final class Progress {
  private static final int WIDTH = 30;
  private static final int LINE = 70;
  private static final long SECOND = 1_000_000_000;
  private static final long PAUSE = SECOND / 10;

  private final PrintWriter errors;
  private final boolean shown;
  private final long total;
  private final LongSupplier nanos;
  private final long start;
  private long last;
  private boolean drawn;

  /** Shown where standard error is a terminal, which the launcher finds out. */
  public Progress(PrintWriter errors, long total) {
    this(errors, Boolean.getBoolean("carousel.terminal"), total, System::nanoTime);
  }

  Progress(PrintWriter errors, boolean shown, long total, LongSupplier nanos) {
    this.errors = errors;
    this.shown = shown;
    this.total = total;
    this.nanos = nanos;
    start = nanos.getAsLong();
    last = start + SECOND - PAUSE;
  }

  /** Says how much is done. */
  public void at(long done) {
    long now = nanos.getAsLong();
    if (shown && now - last >= PAUSE && done > 0) {
      last = now;
      drawn = true;
      int full = (int) (WIDTH * done / total);
      long left = Math.round((now - start) * ((double) total / done - 1) / SECOND);
      errors.print("\r" + padded(String.format(Locale.ROOT, "[%s%s] %3d %%, %d:%02d left", "#".repeat(full),
          ".".repeat(WIDTH - full), 100 * done / total, left / 60, left % 60)));
      errors.flush();
    }
  }

  /** Takes the bar away. */
  public void end() {
    if (drawn) {
      errors.print("\r" + padded("") + "\r");
      errors.flush();
      drawn = false;
    }
  }

  private static String padded(String text) {
    return text + " ".repeat(Math.max(0, LINE - text.length()));
  }
}
