package dev.carousel;

import static dev.carousel.spi.form.Check.argument;

/** The checks that layers share. */
final class LayerCheck {
  private LayerCheck() {}

  /** A size is at least 1. */
  static void size(String layer, String name, int value) {
    argument(value > 0, "%s is to have %d %s; it needs at least 1.", layer, value, name);
  }

  /** The rows of all gates together are an int. */
  static void gates(String layer, int gates, int hidden) {
    argument((long) gates * hidden <= Integer.MAX_VALUE,
        "%s is to have %d hidden units: %d gates of them are more than %d rows. Make it narrower.", layer, hidden,
        gates, Integer.MAX_VALUE);
  }

  /** A bound is above 0. */
  static void clip(String layer, float clip) {
    argument(clip > 0, "%s is to clip at %s: a bound is above 0, or infinite for none.", layer, clip);
  }
}
