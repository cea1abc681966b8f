package dev.carousel.spi.form;

import java.util.Arrays;

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

  static void mapping(String operation, View in, View out) {
    readable(operation, in);
    writable(operation, out);
    columns(operation, in, out.columns());
    argument(in.equals(out) || !in.overlaps(out), "%s is to read %s and write %s: make them the same, or apart.",
        operation, in, out);
  }
}
