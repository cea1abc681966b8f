package dev.carousel.cli.verify;

import dev.carousel.spi.Device;
import java.io.PrintWriter;
import java.util.function.Consumer;

/** A line that says which device is at which question, written over and over. */
final class ProgressLine {
  private static final int WIDTH = 78;
  private static final long PAUSE = 80_000_000; // ns between two

  private final PrintWriter out;
  private final boolean shown;
  private long last = System.nanoTime() - PAUSE;

  /** Silent where it is not shown. */
  ProgressLine(PrintWriter out, boolean shown) {
    this.out = out;
    this.shown = shown;
  }

  /** Whether standard error is a terminal, which the launcher finds out. */
  static boolean wanted() {
    return Boolean.getBoolean("carousel.terminal");
  }

  /** What follows one of the devices. */
  Consumer<Event> follow(Device device, int number, int devices, int questions) {
    int[] answered = new int[1];
    return event -> {
      if (event instanceof Event.Answered) {
        answered[0]++;
      }
      if (event instanceof Event.Asked(Question question) && System.nanoTime() - last > PAUSE) {
        last = System.nanoTime();
        write("[" + number + "/" + devices + "] " + device.id() + "  " + answered[0] + "/" + questions + "  "
            + question.path());
      }
    };
  }

  /** Takes the line away. */
  void clear() {
    write("");
  }

  private void write(String text) {
    if (shown) {
      String cut = text.length() > WIDTH ? text.substring(0, WIDTH) : text;
      out.print("\r" + cut + " ".repeat(WIDTH - cut.length()) + "\r");
      out.flush();
    }
  }
}
