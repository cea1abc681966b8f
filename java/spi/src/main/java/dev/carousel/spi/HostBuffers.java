package dev.carousel.spi;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Buffers in this process's memory, 64-byte aligned, off the heap. */
public final class HostBuffers implements Buffers {
  private static final int ALIGNMENT = 64;

  private final Arena arena = Arena.ofShared();
  private final Map<Slot, MemorySegment> segments = new HashMap<>();
  private final MemorySegment spare; // [maxBatch][widest state]: a state's rows in another order

  /** Allocates all buffers of a Program, zeroed. */
  public HostBuffers(Program program, int maxSteps, int maxBatch) {
    Check.argument(maxSteps > 0 && maxBatch > 0,
        "A session for %d steps of %d sequences was asked for; it needs 1 of each.",
        maxSteps, maxBatch);
    Check.argument((long) maxSteps * maxBatch <= Integer.MAX_VALUE,
        "A session for %d steps of %d sequences was asked for: %d rows, and it can have %d. Run in parts.", maxSteps,
        maxBatch, (long) maxSteps * maxBatch, Integer.MAX_VALUE);
    List<Slot> states = program.slots(Slot.Role.STATE);
    try {
      for (Slot.Role role : EnumSet.complementOf(EnumSet.of(Slot.Role.PARAMETER))) {
        for (Slot slot : program.slots(role)) {
          segments.put(slot, arena.allocate(slot.bytes(maxSteps, maxBatch), ALIGNMENT));
        }
      }
      spare = arena.allocate(states.stream().mapToLong(slot -> slot.bytes(1, maxBatch)).max().orElse(0), ALIGNMENT);
    } catch (OutOfMemoryError | ArithmeticException error) {
      arena.close();
      throw new IllegalArgumentException("A session for " + maxSteps + " steps of " + maxBatch + " sequences was asked"
          + " for, and the JVM has no memory for it: " + error.getMessage()
          + ". Ask for fewer steps or sequences, or raise -XX:MaxDirectMemorySize.", error);
    }
  }

  /** The buffer of a slot that is not a PARAMETER. */
  public MemorySegment segment(Slot slot) {
    MemorySegment segment = segments.get(slot);
    if (segment == null) {
      throw new IllegalArgumentException("Slot " + slot + " has no buffer in this session.");
    }
    return segment;
  }

  @Override
  public long bytes() {
    return spare.byteSize() + segments.values().stream().mapToLong(MemorySegment::byteSize).sum();
  }

  @Override
  public void write(Slot input, Layout layout, MemorySegment source) {
    layout.pack(input, source, segment(input));
  }

  @Override
  public void read(Slot output, Layout layout, MemorySegment target) {
    layout.unpack(output, segment(output), target);
  }

  @Override
  public void writeState(Slot state, int row, MemorySegment source) {
    MemorySegment.copy(source, 0, segment(state), state.bytes(1, row), source.byteSize());
  }

  @Override
  public void readState(Slot state, int row, MemorySegment target) {
    MemorySegment.copy(segment(state), state.bytes(1, row), target, 0, target.byteSize());
  }

  @Override
  public void clearState(Slot state, int row, int rows) {
    MemorySegment segment = segment(state);
    long end = (long) (row + rows) * state.columns();
    for (long i = (long) row * state.columns(); i < end; i++) { // a slice to fill would be an object a call
      segment.setAtIndex(ValueLayout.JAVA_INT, i, 0);
    }
  }

  @Override
  public void arrange(Slot state, Layout layout, boolean back) {
    MemorySegment.copy(segment(state), 0, spare, 0, state.bytes(1, layout.batch()));
    if (back) {
      layout.unpack(state, spare, segment(state));
    } else {
      layout.pack(state, spare, segment(state));
    }
  }

  @Override
  public void close() {
    arena.close();
  }
}
