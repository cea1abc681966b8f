package dev.carousel.spi.form;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Checks of what is passed; each throws an IllegalArgumentException that names what was wrong. */
public final class Check {
  private Check() {}

  /** Throws if it does not hold. */
  public static void argument(boolean holds, String format, Object... values) {
    if (!holds) {
      throw refusal(format, values);
    }
  }

  /** For calls that may not allocate: thrown behind an if, its values are not boxed when all is well. */
  public static IllegalArgumentException refusal(String format, Object... values) {
    Arrays.setAll(values, i -> values[i] instanceof Step step ? Listing.line(step) : values[i]);
    return new IllegalArgumentException(Legible.format(format, values));
  }

  static void writable(String operation, View view) {
    argument(view.slot().role() != Slot.Role.INPUT && view.slot().role() != Slot.Role.PARAMETER,
        "%s is to write %s, which is %s: a run writes others only.", operation, view, view.slot().role());
  }

  /** The operand is floats, one row per sequence or per step and sequence. */
  static void readable(String operation, View view) {
    argument(view.slot().role() != Slot.Role.PARAMETER && view.slot().element() == Slot.Element.F32,
        "%s is to read %s, which is %s: it takes rows of floats.", operation, view, view.slot().role());
  }

  static void columns(String operation, View view, int expected) {
    argument(view.columns() == expected, "%s takes %s with %d columns, and it has %d.", operation, view, expected,
        view.columns());
  }

  static void parameter(String operation, Slot slot, int rows, int columns) {
    argument(slot.role() == Slot.Role.PARAMETER && slot.rows() == rows && slot.columns() == columns,
        "%s takes a PARAMETER of [%d,%d], and %s is %s.", operation, rows, columns, slot, slot.role());
  }

  /** What is read has one extent, what is written another or the same. */
  static void extents(String operation, View in, Slot.Extent from, View out, Slot.Extent to) {
    argument(in.slot().extent() == from && out.slot().extent() == to,
        "%s takes a row of %s to a row of %s, and is given %s to %s.", operation, from, to, in, out);
  }

  /** The steps of out are those of windows over in's. */
  static void windowed(String operation, Window window, View in, View out) {
    readable(operation, in);
    writable(operation, out);
    extents(operation, in, Slot.Extent.STEPS, out, Slot.Extent.STEPS);
    argument(!in.slot().equals(out.slot()), "%s reads %s and writes %s, which is the same slot.", operation, in, out);
    argument(out.slot().axis().equals(window.over(in.slot().axis())),
        "%s with a window of %s over %s gives %s steps, and is to write %s.", operation, window, in,
        window.over(in.slot().axis()), out);
  }

  /** A parameter of one number a column of what is written, where there is one. */
  static void row(String operation, @Nullable Slot slot, View out) {
    if (slot != null) {
      parameter(operation, slot, 1, out.columns());
    }
  }

  static void mapping(String operation, View in, View out) {
    readable(operation, in);
    writable(operation, out);
    columns(operation, in, out.columns());
    argument(in.equals(out) || !in.overlaps(out), "%s is to read %s and write %s: make them the same, or apart.",
        operation, in, out);
  }
}
