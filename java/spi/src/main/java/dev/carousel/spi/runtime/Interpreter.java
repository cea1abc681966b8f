package dev.carousel.spi.runtime;

import dev.carousel.spi.Buffers;
import dev.carousel.spi.Executable;
import dev.carousel.spi.Kernels;
import dev.carousel.spi.Layout;
import dev.carousel.spi.Order;
import dev.carousel.spi.Session;
import dev.carousel.spi.form.AcrossSteps;
import dev.carousel.spi.form.Check;
import dev.carousel.spi.form.Embed;
import dev.carousel.spi.form.Program;
import dev.carousel.spi.form.Slot;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The Session over a back end's Buffers and Kernels: checks every call, and walks the steps of the Program. */
public final class Interpreter implements Session {
  /** A column of an input of indices, which are below a limit. */
  private record Column(Slot slot, int column, int limit) {}

  private enum Phase { NEW, SHAPED, DONE, FAILED }

  private final Executable executable;
  private final int maxBatch;
  private final Order order;
  private final Buffers buffers;
  private final Layout layout;
  private final List<Slot> inputs;
  private final List<Slot> outputs;
  private final List<Slot> states;
  private final List<AcrossSteps.Flatten> flattened = new ArrayList<>(); // which have room for so many steps
  private final List<Column> columns = new ArrayList<>(); // of indices
  private final HostBuffers indices; // of each of those, out of the caller's reach
  private final Kernels.Stage[] stages; // the steps of the Program, in order
  private final boolean[] written; // [inputs]: since begin
  private final Claim claim; // every call holds it, so that nothing is cleaned up in its midst
  private final Release release;
  private Phase phase = Phase.NEW;

  /** A session that owns the buffers, and closes them when this fails. */
  public Interpreter(Executable executable, int maxSteps, int maxBatch, Order order, Buffers buffers, Kernels kernels) {
    Program program = executable.program();
    this.executable = executable;
    claim = new Claim("session", executable);
    this.maxBatch = maxBatch;
    this.order = order;
    this.buffers = buffers;
    inputs = program.slots(Slot.Role.INPUT);
    outputs = program.slots(Slot.Role.OUTPUT);
    states = program.slots(Slot.Role.STATE);
    written = new boolean[inputs.size()];
    program.operations().filter(Embed.class::isInstance).map(Embed.class::cast).forEach(embed -> columns
        .add(new Column(embed.indices().slot(), embed.indices().column(), embed.table().rows())));
    program.operations().filter(AcrossSteps.Flatten.class::isInstance).map(AcrossSteps.Flatten.class::cast)
        .forEach(flattened::add);
    try {
      layout = new Layout(program.slots(), maxSteps, maxBatch, order);
      stages = kernels.bind(program.forward()).toArray(Kernels.Stage[]::new);
      indices = new HostBuffers(columns.stream().map(Column::slot).distinct().toList(), maxSteps, maxBatch);
    } catch (RuntimeException | Error failure) {
      buffers.close();
      throw failure;
    }
    HostBuffers copies = indices; // what frees must not refer to this
    release = new Release(claim, () -> "A session of " + buffers.bytes()
        + " bytes was never closed; it is freed now that nothing refers to it. Close sessions.", () -> {
          copies.close();
          buffers.close();
        });
  }

  @Override
  public void begin(int steps, int batch, int @Nullable [] lengths) {
    try (Claim _ = claim.take()) {
      usable();
      layout.check(steps, batch, lengths);
      room(batch);
      phase = Phase.NEW;
      layout.set(steps, batch);
      Arrays.fill(written, false);
      phase = Phase.SHAPED;
    }
  }

  @Override
  public void write(Slot input, MemorySegment source) {
    try (Claim _ = claim.take()) {
      usable();
      state(phase != Phase.NEW, "write an input before it knows the shape of the run. Call begin first");
      transfer(inputs, input, source, layout.steps(), layout.batch());
      written[inputs.indexOf(input)] = false;
      buffers.write(input, layout, input.element() == Slot.Element.I32 ? checked(input, source) : source);
      written[inputs.indexOf(input)] = true;
    }
  }

  @Override
  public void forward() {
    try (Claim _ = claim.take()) {
      usable();
      state(phase != Phase.NEW, "run before it knows the shape of the run. Call begin first");
      for (boolean present : written) {
        state(present, "run before an input was written. Write every input after begin");
      }
      phase = Phase.FAILED;
      for (int i = 0; !layout.uniform() && i < states.size(); i++) {
        buffers.arrange(states.get(i), layout, false);
      }
      for (Kernels.Stage stage : stages) {
        stage.run(layout);
      }
      for (int i = 0; !layout.uniform() && i < states.size(); i++) {
        buffers.arrange(states.get(i), layout, true);
      }
      phase = Phase.DONE;
    }
  }

  @Override
  public void read(Slot output, MemorySegment target) {
    try (Claim _ = claim.take()) {
      usable();
      state(phase == Phase.DONE, "give an output before it has run. Call forward after begin");
      transfer(outputs, output, target, layout.steps(), layout.batch());
      buffers.read(output, layout, target);
    }
  }

  @Override
  public void writeState(Slot state, int row, MemorySegment source) {
    try (Claim _ = claim.take()) {
      usable();
      transfer(states, state, source, 1, rows(row, source.byteSize() / (4L * state.columns())));
      buffers.writeState(state, row, source);
    }
  }

  @Override
  public void readState(Slot state, int row, MemorySegment target) {
    try (Claim _ = claim.take()) {
      usable();
      transfer(states, state, target, 1, rows(row, target.byteSize() / (4L * state.columns())));
      buffers.readState(state, row, target);
    }
  }

  @Override
  public @Nullable MemorySegment memory(Slot slot) {
    boolean same = order == Order.TIME_MAJOR || slot.extent() == Slot.Extent.BATCH;
    return same && slot.element() == Slot.Element.F32 ? buffers.memory(slot) : null;
  }

  @Override
  public void resetState(int row, int rows) {
    try (Claim _ = claim.take()) {
      usable();
      rows(row, rows);
      for (int i = 0; i < states.size(); i++) {
        buffers.clearState(states.get(i), row, rows);
      }
    }
  }

  @Override
  public long bytes() {
    return buffers.bytes() + indices.bytes();
  }

  @Override
  public void close() {
    if (claim.end()) {
      release.close();
    }
  }

  private void usable() {
    if (executable.closed() || phase == Phase.FAILED) {
      throw new IllegalStateException(executable.closed()
          ? "The compiled program of this session is closed. Close sessions before it."
          : "An earlier run of this session failed midway, and its state is unknown. Close it and make a new one.");
    }
  }

  private static void state(boolean holds, String refused) {
    if (!holds) {
      throw new IllegalStateException("A session was asked to " + refused + ".");
    }
  }

  private static void transfer(List<Slot> slots, Slot slot, MemorySegment data, int steps, int batch) {
    if (!slots.contains(slot) || data.byteSize() != slot.bytes(steps, batch)) {
      throw Check.refusal("%d bytes are given for slot %s. This call is for %s, and %d rows take %d bytes.",
          data.byteSize(), slot, slots, slot.rows(steps, batch), slot.bytes(steps, batch));
    }
  }

  private int rows(int row, long rows) {
    if (row < 0 || rows < 0 || row + rows > maxBatch) {
      throw Check.refusal("%d state rows from %d on were asked for; this session has rows 0 to %d.", rows, row,
          maxBatch - 1);
    }
    return (int) rows;
  }

  /**
   * A copy of indices, of which every one of a valid step is a row of its table; what stands in the padding does not
   * matter. What the caller gave may change at any time, so nothing that was found there is true any more.
   */
  private MemorySegment checked(Slot input, MemorySegment source) {
    MemorySegment copy = indices.segment(input);
    MemorySegment.copy(source, 0, copy, 0, source.byteSize());
    int steps = input.extent() == Slot.Extent.STEPS ? layout.longest() : Math.min(1, layout.longest());
    for (int i = 0; i < columns.size(); i++) {
      Column column = columns.get(i);
      if (column.slot().equals(input)) {
        for (int step = 0; step < steps; step++) {
          check(column, copy, step);
        }
      }
    }
    return copy;
  }

  private void check(Column column, MemorySegment copy, int step) {
    Slot input = column.slot();
    for (int position = 0; position < layout.active(step); position++) {
      int sequence = layout.sequence(position);
      long row = input.extent() == Slot.Extent.STEPS ? layout.place(step, position) : sequence;
      int index = copy.getAtIndex(ValueLayout.JAVA_INT, row * input.columns() + column.column());
      if (index < 0 || index >= column.limit()) {
        throw Check.refusal("Slot %s holds index %d at step %d of sequence %d, and the table has rows 0 to %d.", input,
            index, step, sequence, column.limit() - 1);
      }
    }
  }

  /** Throws where a sequence is longer than what its steps are put side by side in. */
  private void room(int batch) {
    for (int i = 0; i < flattened.size(); i++) {
      AcrossSteps.Flatten flatten = flattened.get(i);
      int longest = layout.longestGiven(flatten.in().slot().axis(), batch);
      if (longest > flatten.steps()) {
        throw Check.refusal("A sequence has %d steps in %s, and %s has room for %d of them. Give shorter ones.",
            longest,
            flatten.in(), flatten.out(), flatten.steps());
      }
    }
  }
}
