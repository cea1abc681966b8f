package dev.carousel;

import java.util.Locale;

/** Checks of what a caller passes, at the public edge. */
final class Check {
  private Check() {}

  static void argument(boolean holds, String format, Object... values) {
    if (!holds) {
      throw refusal(format, values);
    }
  }

  /** For calls that may not allocate: thrown behind an if, its values are not boxed when all is well. */
  static IllegalArgumentException refusal(String format, Object... values) {
    return new IllegalArgumentException(String.format(Locale.ROOT, format, values));
  }

  /** A size of a layer: at least 1. */
  static void size(String layer, String name, int value) {
    argument(value > 0, "%s is to have %d %s; it needs at least 1.", layer, value, name);
  }

  /** The rows of all gates together, which must be an int. */
  static void gates(String layer, int gates, int hidden) {
    argument((long) gates * hidden <= Integer.MAX_VALUE,
        "%s is to have %d hidden units: %d gates of them are more than %d rows. Make it narrower.", layer, hidden,
        gates,
        Integer.MAX_VALUE);
  }

  static void clip(String layer, float clip) {
    argument(clip > 0, "%s is to clip at %s: a bound is above 0, or infinite for none.", layer, clip);
  }
}
