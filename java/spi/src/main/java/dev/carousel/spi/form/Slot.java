package dev.carousel.spi.form;

/**
 * A named buffer of a Program: rows of equal width, 4 bytes an element, row-major.
 *
 * @param name unique in its Program
 * @param axis what the steps of a STEPS slot count; {@link Axis#RUN} of the others
 * @param rows the rows of a FIXED slot; 1 for the others, whose rows follow from the run
 * @param columns the width of a row
 */
public record Slot(String name, Role role, Extent extent, Axis axis, Element element, int rows, int columns) {
  /** Who writes a slot and how long its contents live. */
  public enum Role {
    INPUT, // Written by the caller before each run
    OUTPUT, // Written by the run, read by the caller after it
    PARAMETER, // Given when the Program is compiled, constant from then on
    STATE, // Kept from run to run: read and written by both; zero at first
    SCRATCH // Written and read inside one run; nobody outside can tell where, or whether, it is stored
  }

  /** How many rows a slot has in a run of so many steps of a batch. */
  public enum Extent {
    STEPS, // One row for each valid (step, sequence) of its axis. Inside a Scan: the rows of the step at hand
    BATCH, // One row for each sequence
    FIXED // As declared: parameters
  }

  /** What an element is; each takes 4 bytes. */
  public enum Element { F32, I32 }

  public Slot {
    Check.argument(!name.isBlank() && rows > 0 && columns > 0,
        "Slot '%s' of [%d,%d] was asked for; it needs a name and at least 1 row and 1 column.", name, rows, columns);
    Check.argument((role == Role.PARAMETER) == (extent == Extent.FIXED) && (extent == Extent.FIXED || rows == 1),
        "Slot %s is %s and %s with %d rows: a PARAMETER is FIXED, others are STEPS or BATCH with 1.", name, role,
        extent, rows);
    Check.argument(role != Role.STATE || extent == Extent.BATCH,
        "Slot %s is STATE and %s: state has one row per sequence, make it BATCH.", name, extent);
    Check.argument(extent == Extent.STEPS || axis.equals(Axis.RUN),
        "Slot %s is %s and has steps %s: only STEPS have any.", name, extent, axis);
    Check.argument(role != Role.INPUT || axis.equals(Axis.RUN),
        "Slot %s is INPUT and has steps %s: those of an input are the run's.", name, axis);
    Check.argument(element == Element.F32 || role == Role.INPUT,
        "Slot %s is %s and %s: only an INPUT may hold integers.", name, role, element);
  }

  /** A slot of floats with one row for each step and sequence. */
  public static Slot steps(Role role, String name, int columns) {
    return steps(role, name, Axis.RUN, columns);
  }

  /** A slot of floats with one row for each step of an axis and each sequence. */
  public static Slot steps(Role role, String name, Axis axis, int columns) {
    return new Slot(name, role, Extent.STEPS, axis, Element.F32, 1, columns);
  }

  /** A slot of floats with one row for each sequence. */
  public static Slot batch(Role role, String name, int columns) {
    return new Slot(name, role, Extent.BATCH, Axis.RUN, Element.F32, 1, columns);
  }

  /** A constant matrix of floats. */
  public static Slot parameter(String name, int rows, int columns) {
    return new Slot(name, Role.PARAMETER, Extent.FIXED, Axis.RUN, Element.F32, rows, columns);
  }

  /** An input of one integer for each step and sequence. */
  public static Slot indices(String name) {
    return indices(name, Extent.STEPS, 1);
  }

  /** An input of integers, some for each step and sequence, or for each sequence. */
  public static Slot indices(String name, Extent extent, int columns) {
    return new Slot(name, Role.INPUT, extent, Axis.RUN, Element.I32, 1, columns);
  }

  /** All columns of this slot. */
  public View view() {
    return new View(this, 0, columns);
  }

  /** The columns from {@code column} on. */
  public View columns(int column, int count) {
    return new View(this, column, count);
  }

  /** The rows that this slot has in a run of so many steps; its own steps times the batch may not exceed an int. */
  public int rows(int steps, int batch) {
    return switch (extent) {
      case STEPS -> Math.multiplyExact(axis.steps(steps), batch);
      case BATCH -> batch;
      case FIXED -> rows;
    };
  }

  /** The bytes of a row. */
  public long rowBytes() {
    return 4L * columns;
  }

  /** The bytes that this slot takes in a run. */
  public long bytes(int steps, int batch) {
    return Math.multiplyExact((long) rows(steps, batch), rowBytes());
  }

  /** The name and the shape: {@code gates[T*B,1024]}, {@code hidden[B,256]}, {@code weight[1024,40]}. */
  @Override
  public String toString() {
    return view().toString();
  }
}
