package dev.carousel.formats.onnx;

import dev.carousel.formats.data.FormatException;
import dev.carousel.spi.form.Legible;

/**
 * The place of a graph for which nodes are made.
 *
 * @param label what messages call it
 * @param name what nodes that are made there are called
 */
record Place(Reading reading, String label, String name) {

  /** The same for a node of another name. */
  Place named(String other) {
    return new Place(reading, label, other);
  }

  /** An exception that names the place; the format goes on after its name. */
  FormatException refused(String format, Object... values) {
    return new FormatException(label + " " + Legible.format(format, values) + ".");
  }
}
