package dev.carousel.cli.verify;

import java.util.Locale;
import java.util.OptionalDouble;

/** How errors in units of the tolerance are written. */
final class Units {
  private Units() {}

  /** Two digits that count, {@code exact} for none, a dash where no numbers were compared. */
  static String text(OptionalDouble worst) {
    return worst.isEmpty() ? "–" : text(worst.getAsDouble());
  }

  /** Two digits that count. */
  static String text(double units) {
    if (units == 0) {
      return "exact";
    }
    if (!Double.isFinite(units)) {
      return "∞";
    }
    if (units < 1e-3) {
      return "<.001";
    }
    if (units >= 9950) {
      return String.format(Locale.ROOT, "%.0e", units).replace("e+0", "e").replace("e+", "e");
    }
    int decimals = units < 0.0995 ? 3 : units < 9.95 ? 2 : units < 99.5 ? 1 : 0;
    return String.format(Locale.ROOT, "%." + decimals + "f", units);
  }
}
