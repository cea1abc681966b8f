package dev.carousel.decoding;

import static dev.carousel.spi.form.Check.argument;

import java.util.OptionalInt;

/**
 * When writing stops.
 *
 * @param end the label that ends a sequence, if there is one
 * @param limit how many choices are made at most, the end's among them
 */
public record Stop(OptionalInt end, int limit) {
  public Stop {
    argument(limit > 0, "At most %d labels were asked for. Ask for at least one.", limit);
    argument(end.orElse(0) >= 0, "Label %d is to be the end. Labels count from 0.", end.orElse(0));
  }

  /** At a label, or after so many choices. */
  public static Stop at(int end, int limit) {
    return new Stop(OptionalInt.of(end), limit);
  }

  /** After so many choices. */
  public static Stop after(int limit) {
    return new Stop(OptionalInt.empty(), limit);
  }

  boolean ends(int label) {
    return end.isPresent() && end.getAsInt() == label;
  }
}
