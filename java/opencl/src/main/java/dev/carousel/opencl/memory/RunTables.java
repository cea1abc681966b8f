package dev.carousel.opencl.memory;

import dev.carousel.spi.Layout;
import dev.carousel.spi.form.Axis;
import dev.carousel.spi.form.Check;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.jocl.cl_mem;

/** What kernels have to know of a ragged run, on the device: the order, and of each axis {@code [active][first][length]}. */
public final class RunTables {
  private final cl_mem buffer;
  private final MemorySegment host; // of ints
  private final Consumer<MemorySegment> sender;
  private final List<Table> tables; // one for each axis, that of the run first
  private long sent; // the run whose tables are on the device

  /** Where the tables of an axis begin, and for how many steps there is room. */
  private record Table(Axis axis, int active, int maxSteps) {
    int first() {
      return active + maxSteps;
    }

    int length() {
      return active + 2 * maxSteps;
    }
  }

  RunTables(cl_mem buffer, Consumer<MemorySegment> sender, Set<Axis> axes, int maxSteps, int maxBatch) {
    this.buffer = buffer;
    this.sender = sender;
    List<Table> made = new ArrayList<>();
    int end = maxBatch;
    for (Axis axis : axes) {
      made.add(new Table(axis, end, axis.steps(maxSteps)));
      end = made.getLast().length() + maxBatch;
    }
    tables = List.copyOf(made);
    host = MemorySegment.ofArray(new int[end]);
  }

  static long bytes(Set<Axis> axes, int maxSteps, int maxBatch) {
    long ints = maxBatch + axes.stream().mapToLong(axis -> 2L * axis.steps(maxSteps) + maxBatch).sum();
    Check.argument(ints < Integer.MAX_VALUE,
        "A session for %d steps of %d sequences was asked for; what is to be kept of"
            + " their lengths is too much. Run in parts.",
        maxSteps, maxBatch);
    return Integer.BYTES * ints;
  }

  /** Where they are. */
  public cl_mem buffer() {
    return buffer;
  }

  /** Where the active sequences of each step of an axis begin. */
  public int active(Axis axis) {
    return table(axis).active();
  }

  /** Where the first rows of each step of an axis begin. */
  public int first(Axis axis) {
    return table(axis).first();
  }

  /** Where the lengths at each position begin, in steps of an axis. */
  public int length(Axis axis) {
    return table(axis).length();
  }

  /** Where the caller's rows of each position begin: at the start. */
  public int order() {
    return 0;
  }

  private Table table(Axis axis) {
    return tables.stream().filter(table -> table.axis().equals(axis)).findFirst().orElseThrow();
  }

  /** Sends them, once a run, where lengths differ; to be called before any kernel of a run that reads them. */
  public void begin(Layout layout) {
    if (sent == layout.run() || layout.uniform()) {
      return;
    }
    for (int position = 0; position < layout.batch(); position++) {
      set(order() + position, layout.sequence(position));
    }
    for (int i = 0; i < tables.size(); i++) {
      fill(tables.get(i), layout.along(tables.get(i).axis()));
    }
    sender.accept(host);
    sent = layout.run();
  }

  private void fill(Table table, Layout along) {
    for (int step = 0; step < along.steps(); step++) {
      set(table.active() + step, along.active(step));
      set(table.first() + step, along.first(step));
    }
    for (int position = 0; position < along.batch(); position++) {
      set(table.length() + position, along.length(position));
    }
  }

  private void set(int at, int number) {
    host.setAtIndex(ValueLayout.JAVA_INT, at, number);
  }
}
