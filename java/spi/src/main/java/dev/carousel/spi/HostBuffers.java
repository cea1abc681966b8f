package dev.carousel.spi;

import static dev.carousel.spi.Check.argument;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Buffers in this process's memory, 64-byte aligned, off the heap. */
public final class HostBuffers implements Buffers {
  private static final int ALIGNMENT = 64;

  private final Arena arena = Arena.ofShared();
  private final Map<Slot, MemorySegment> segments = new LinkedHashMap<>();
  private final MemorySegment spare; // [maxBatch][widest state]: a state's rows in another order
  private final long bytes;

  /** Allocates all buffers of a Program, zeroed. */
  public HostBuffers(Program program, int maxSteps, int maxBatch) {
    long size = size(program, maxSteps, maxBatch);
    try {
      for (Slot slot : slots(program)) {
        segments.put(slot, arena.allocate(slot.bytes(maxSteps, maxBatch), ALIGNMENT));
      }
      spare = arena.allocate(spareBytes(program, maxBatch), ALIGNMENT);
    } catch (OutOfMemoryError error) {
      arena.close();
      throw new IllegalArgumentException("A session for " + maxSteps + " steps of " + maxBatch + " sequences takes "
          + size + " bytes, and the JVM did not get them: " + error.getMessage()
          + ". Ask for fewer steps or sequences, or raise -XX:MaxDirectMemorySize.", error);
    }
    bytes = size;
  }

  private static long size(Program program, int maxSteps, int maxBatch) {
    argument(maxSteps > 0 && maxBatch > 0,
        "A session for %d steps of %d sequences was asked for; each must be at least 1.", maxSteps, maxBatch);
    argument((long) maxSteps * maxBatch <= Integer.MAX_VALUE,
        "A session for %d steps of %d sequences was asked for: %d rows, and it can have %d. Run in parts.", maxSteps,
        maxBatch, (long) maxSteps * maxBatch, Integer.MAX_VALUE);
    long size = spareBytes(program, maxBatch);
    for (Slot slot : slots(program)) {
      size = Math.addExact(size, slot.bytes(maxSteps, maxBatch));
    }
    return size;
  }

  private static List<Slot> slots(Program program) {
    return Stream.of(Slot.Role.INPUT, Slot.Role.OUTPUT, Slot.Role.STATE, Slot.Role.SCRATCH)
        .flatMap(role -> program.slots(role).stream()).toList();
  }

  private static long spareBytes(Program program, int maxBatch) {
    return program.slots(Slot.Role.STATE).stream().mapToLong(slot -> slot.bytes(1, maxBatch)).max().orElse(0);
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
    return bytes;
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
  public void arrange(Slot state, Layout layout) {
    MemorySegment.copy(segment(state), 0, spare, 0, state.bytes(1, layout.batch()));
    layout.pack(state, spare, segment(state));
  }

  @Override
  public void restore(Slot state, Layout layout) {
    MemorySegment.copy(segment(state), 0, spare, 0, state.bytes(1, layout.batch()));
    layout.unpack(state, spare, segment(state));
  }

  @Override
  public void close() {
    arena.close();
  }
}
