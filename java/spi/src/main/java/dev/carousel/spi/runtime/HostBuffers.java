package dev.carousel.spi.runtime;

import dev.carousel.spi.Buffers;
import dev.carousel.spi.Layout;
import dev.carousel.spi.form.Check;
import dev.carousel.spi.form.Slot;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Buffers in this process's memory, 64-byte aligned, off the heap. */
public final class HostBuffers implements Buffers {
  private final Arena arena = Arena.ofShared();
  private final Map<Slot, MemorySegment> segments = new HashMap<>();
  private final MemorySegment spare; // [maxBatch][widest state]: a state's rows in another order

  /** Allocates buffers for those slots that are not PARAMETER, zeroed. */
  public HostBuffers(List<Slot> slots, int maxSteps, int maxBatch) {
    Check.argument(maxSteps > 0 && maxBatch > 0 && (long) maxSteps * maxBatch < Integer.MAX_VALUE,
        "A session for %d steps of %d sequences was asked for; it takes at least 1 of each and at most %d rows. Run in parts.",
        maxSteps, maxBatch, Integer.MAX_VALUE - 1);
    List<Slot> data = slots.stream().filter(slot -> slot.role() != Slot.Role.PARAMETER).toList();
    int widest = data.stream().filter(slot -> slot.role() == Slot.Role.STATE).mapToInt(Slot::columns).max().orElse(0);
    double size = data.stream().mapToDouble(slot -> padded(slot.rows(maxSteps, maxBatch), slot.columns())).sum();
    MemorySegment all = HostMemory.allocate(arena, size + padded(maxBatch, widest),
        "A session for " + maxSteps + " steps of " + maxBatch + " sequences");
    long at = 0;
    for (Slot slot : data) {
      segments.put(slot, all.asSlice(at, slot.bytes(maxSteps, maxBatch)));
      at += (long) padded(slot.rows(maxSteps, maxBatch), slot.columns());
    }
    spare = all.asSlice(at);
  }

  /** The bytes of rows of floats, up to the next multiple of 64. */
  private static double padded(double rows, int columns) {
    return Math.ceil(rows * columns / 16) * 64;
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
  public MemorySegment memory(Slot slot) {
    return segment(slot);
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
