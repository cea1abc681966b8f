package dev.carousel;

import dev.carousel.spi.form.Scan;
import java.util.List;

/** The direction or directions in which a recurrent layer reads a sequence, and how two become one output. */
public enum Directions {
  /** From the first step to the last. */
  FORWARD,
  /** From each sequence's last step to the first; outputs stand at the original steps. */
  REVERSE,
  /** Both, side by side: forward, then reverse. */
  CONCAT,
  /** Both, added. */
  SUM,
  /** Both, their mean. */
  AVERAGE,
  /** Both, multiplied. */
  MULTIPLY;

  /** Whether there are two. */
  public boolean bidirectional() {
    return this != FORWARD && this != REVERSE;
  }

  /** The scans, forward first. */
  List<Scan.Direction> scans() {
    return switch (this) {
      case FORWARD -> List.of(Scan.Direction.FORWARD);
      case REVERSE -> List.of(Scan.Direction.REVERSE);
      case CONCAT, SUM, AVERAGE, MULTIPLY -> List.of(Scan.Direction.FORWARD, Scan.Direction.REVERSE);
    };
  }
}
