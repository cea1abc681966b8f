package dev.carousel.spi.form;

/** A range of columns of a slot, with all its rows: what an operation reads or writes. */
public record View(Slot slot, int column, int columns) {
  public View {
    Check.argument(column >= 0 && columns > 0 && column <= slot.columns() - columns,
        "Columns %d to %d of slot %s were asked for, and it has %d.", column, (long) column + columns, slot.name(),
        slot.columns());
  }

  /** Whether an element is in both. */
  public boolean overlaps(View other) {
    return slot.equals(other.slot) && column < other.column + other.columns && other.column < column + columns;
  }

  /** The slot's name and the shape, with the range where it is not all: {@code output[T*B,0:256]}. */
  @Override
  public String toString() {
    String rows = switch (slot.extent()) {
      case STEPS -> slot.axis() instanceof Axis.Derived ? "(" + slot.axis() + ")*B" : slot.axis() + "*B";
      case BATCH -> "B";
      case FIXED -> Integer.toString(slot.rows());
    };
    String range = columns == slot.columns() ? Integer.toString(columns) : column + ":" + (column + columns);
    return slot.name() + "[" + rows + "," + range + "]";
  }
}
