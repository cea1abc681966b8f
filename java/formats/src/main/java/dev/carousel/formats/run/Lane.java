package dev.carousel.formats.run;

import dev.carousel.Network;
import dev.carousel.formats.data.Element;
import dev.carousel.formats.model.Port;
import dev.carousel.spi.Order;
import dev.carousel.spi.form.Axis;
import dev.carousel.spi.runtime.HostMemory;
import dev.carousel.spi.runtime.Room;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** The rows of an input or an output of a network as a predictor has them, and room for those that lie otherwise. */
final class Lane {
  private final String name;
  private final Network.Rows rows;
  private final Order order;
  private final Room room; // [lines][sequences][width] or [sequences][lines][width]

  Lane(String name, Network.Rows rows, Order order, int maxSteps, int maxBatch) {
    this.name = name;
    this.rows = rows;
    this.order = order;
    room = new Room(HostMemory.allocate(Arena.ofAuto(), 4.0 * lines(maxSteps) * maxBatch * rows.width(),
        "The rows of " + name), 4L * rows.width());
  }

  String name() {
    return name;
  }

  int width() {
    return rows.width();
  }

  boolean indices() {
    return rows.indices();
  }

  boolean perStep() {
    return rows.perStep();
  }

  /** The rows that a sequence of so many steps has. */
  int lines(int steps) {
    return perStep() ? rows.axis().steps(steps) : Math.min(1, steps);
  }

  /** Whether a step's row is that of a step of the run. */
  boolean follows() {
    return rows.axis().equals(Axis.RUN);
  }

  long fromStep(int count) {
    return order == Order.TIME_MAJOR ? (long) count * width() : width();
  }

  long fromSequence(int lines) {
    return order == Order.TIME_MAJOR || !perStep() ? width() : (long) lines * width();
  }

  /** Where the row of a sequence stands. */
  long row(int line, int sequence, int lines, int count) {
    return order == Order.TIME_MAJOR || !perStep() ? (long) line * count + sequence : (long) sequence * lines + line;
  }

  /** Room for rows. */
  MemorySegment room(int lines, int count) {
    return room.first((long) lines * count);
  }

  /** Whether arrays of a port lie as a predictor takes and gives them, whatever their steps and sequences. */
  boolean isPlain(Port port) {
    int lines = perStep() && port.hasSteps() ? 2 : 1;
    int count = port.hasBatch() ? 2 : 1;
    return port.element() == Element.F32 && !indices()
        && Grid.of(port, lines, count).plain(width(), fromStep(count), lines > 1, fromSequence(lines), count > 1);
  }
}
