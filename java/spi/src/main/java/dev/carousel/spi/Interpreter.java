package dev.carousel.spi;

import java.lang.System.Logger.Level;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.ref.Cleaner;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The Session over a back end's Buffers and Kernels: checks every call, and walks the steps of the Program. */
public final class Interpreter implements Session {
  private static final Cleaner CLEANER = Cleaner.create();

  private enum Phase { NEW, SHAPED, DONE, FAILED }

  private final Executable executable;
  private final int maxBatch;
  private final Buffers buffers;
  private final Layout layout;
  private final List<Slot> inputs;
  private final List<Slot> outputs;
  private final List<Slot> states;
  private final Map<Slot, Integer> tables = new HashMap<>(); // an input of indices to the rows of its smallest table
  private final Kernels.Kernel[] kernels; // for the steps of the Program, in order
  private final boolean[] written; // [inputs]: since begin
  private final Claim claim = new Claim("session");
  private final Cleaner.Cleanable cleanable;
  private Phase phase = Phase.NEW;

  /** A session that owns the buffers, and closes them when this fails. */
  public Interpreter(Executable executable, int maxSteps, int maxBatch, Buffers buffers, Kernels kernels) {
    Program program = executable.program();
    this.executable = executable;
    this.maxBatch = maxBatch;
    this.buffers = buffers;
    inputs = program.slots(Slot.Role.INPUT);
    outputs = program.slots(Slot.Role.OUTPUT);
    states = program.slots(Slot.Role.STATE);
    written = new boolean[inputs.size()];
    try {
      layout = new Layout(maxSteps, maxBatch);
      this.kernels = kernels.bind(program.forward()).toArray(Kernels.Kernel[]::new);
    } catch (RuntimeException | Error failure) {
      buffers.close();
      throw failure;
    }
    program.operations().filter(Embed.class::isInstance).map(Embed.class::cast)
        .forEach(embed -> tables.merge(embed.indices().slot(), embed.table().rows(), Math::min));
    Claim right = claim; // what cleans up must not refer to this
    cleanable = CLEANER.register(this, () -> free(right, buffers));
  }

  private static void free(Claim right, Buffers buffers) {
    if (right.end()) {
      System.getLogger(Interpreter.class.getName()).log(Level.WARNING,
          "A session of {0} bytes was never closed; it is freed now that nothing refers to it. Close sessions.",
          buffers.bytes());
    }
    buffers.close();
  }

  @Override
  public void begin(int steps, int batch, int @Nullable [] lengths) {
    try (Claim _ = take()) {
      layout.set(steps, batch, lengths);
      Arrays.fill(written, false);
      phase = Phase.SHAPED;
    }
  }

  @Override
  public void write(Slot input, MemorySegment source) {
    try (Claim _ = take()) {
      state(phase != Phase.NEW, "write an input before it knows the shape of the run. Call begin first");
      transfer(inputs, input, source, layout.steps(), layout.batch());
      indices(input, source);
      buffers.write(input, layout, source);
      written[inputs.indexOf(input)] = true;
    }
  }

  @Override
  public void forward() {
    try (Claim _ = take()) {
      state(phase != Phase.NEW, "run before it knows the shape of the run. Call begin first");
      for (boolean present : written) {
        state(present, "run before an input was written. Write every input after begin");
      }
      phase = Phase.FAILED;
      for (int i = 0; !layout.uniform() && i < states.size(); i++) {
        buffers.arrange(states.get(i), layout, false);
      }
      for (Kernels.Kernel kernel : kernels) {
        kernel.run(layout, 0, layout.rows());
      }
      for (int i = 0; !layout.uniform() && i < states.size(); i++) {
        buffers.arrange(states.get(i), layout, true);
      }
      phase = Phase.DONE;
    }
  }

  @Override
  public void read(Slot output, MemorySegment target) {
    try (Claim _ = take()) {
      state(phase == Phase.DONE, "give an output before it has run. Call forward after begin");
      transfer(outputs, output, target, layout.steps(), layout.batch());
      buffers.read(output, layout, target);
    }
  }

  @Override
  public void writeState(Slot state, int row, MemorySegment source) {
    try (Claim _ = take()) {
      transfer(states, state, source, 1, rows(row, source.byteSize() / (4L * state.columns())));
      buffers.writeState(state, row, source);
    }
  }

  @Override
  public void readState(Slot state, int row, MemorySegment target) {
    try (Claim _ = take()) {
      transfer(states, state, target, 1, rows(row, target.byteSize() / (4L * state.columns())));
      buffers.readState(state, row, target);
    }
  }

  @Override
  public @Nullable MemorySegment memory(Slot slot) {
    return buffers instanceof HostBuffers host ? host.segment(slot) : null;
  }

  @Override
  public void resetState(int row, int rows) {
    try (Claim _ = take()) {
      rows(row, rows);
      for (int i = 0; i < states.size(); i++) {
        buffers.clearState(states.get(i), row, rows);
      }
    }
  }

  @Override
  public long bytes() {
    return buffers.bytes();
  }

  @Override
  public void close() {
    claim.end();
    cleanable.clean();
  }

  private Claim take() {
    Claim taken = claim.take();
    if (executable.closed() || phase == Phase.FAILED) {
      taken.close();
      throw new IllegalStateException(executable.closed()
          ? "The compiled program of this session is closed. Close sessions before it."
          : "An earlier run of this session failed midway, and its state is unknown. Close it and make a new one.");
    }
    return taken;
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

  /** Every index of a valid step is a row of its table; what stands in the padding does not matter. */
  private void indices(Slot input, MemorySegment source) {
    int limit = tables.getOrDefault(input, 0);
    for (int step = 0; limit > 0 && step < layout.longest(); step++) {
      for (int position = 0; position < layout.active(step); position++) {
        long row = (long) step * layout.batch() + layout.sequence(position);
        int index = source.get(ValueLayout.JAVA_INT_UNALIGNED, 4 * row);
        if (index < 0 || index >= limit) {
          throw Check.refusal("Slot %s holds index %d at step %d of sequence %d, and the table has rows 0 to %d.",
              input, index, step, layout.sequence(position), limit - 1);
        }
      }
    }
  }
}
