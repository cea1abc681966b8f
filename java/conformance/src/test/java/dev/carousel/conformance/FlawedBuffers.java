package dev.carousel.conformance;

import dev.carousel.spi.Buffers;
import dev.carousel.spi.Layout;
import dev.carousel.spi.form.Slot;
import dev.carousel.spi.runtime.HostBuffers;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.HashMap;
import java.util.Map;

/** Buffers that are right but for their flaw. */
final class FlawedBuffers implements Buffers {
  private final HostBuffers host;
  private final Flaw flaw;
  private final Map<Integer, int[]> orders = new HashMap<>(); // of the first ragged run of so many sequences
  private final Map<String, float[]> readBefore = new HashMap<>();
  private final Map<Slot, float[]> outputs = new HashMap<>();
  private int rows;

  FlawedBuffers(HostBuffers host, Flaw flaw) {
    this.host = host;
    this.flaw = flaw;
  }

  @Override
  public long bytes() {
    return host.bytes();
  }

  @Override
  public MemorySegment memory(Slot slot) {
    return host.memory(slot);
  }

  @Override
  public void write(Slot input, Layout layout, MemorySegment source) {
    if (layout.rows() != rows) {
      readBefore.clear();
      rows = layout.rows();
    }
    host.write(input, layout, source);
  }

  @Override
  public void read(Slot output, Layout layout, MemorySegment target) {
    host.read(output, layout, target);
    if (flaw == Flaw.STALE_OUTPUT) {
      float[] before = outputs.getOrDefault(output, new float[0]);
      for (int i = 0; i < target.byteSize() / 4 && i < before.length && !layout.uniform(); i++) {
        if (target.get(ValueLayout.JAVA_FLOAT_UNALIGNED, 4L * i) == 0) {
          target.set(ValueLayout.JAVA_FLOAT_UNALIGNED, 4L * i, before[i]);
        }
      }
      outputs.put(output, target.toArray(ValueLayout.JAVA_FLOAT_UNALIGNED));
    }
  }

  @Override
  public void writeState(Slot state, int row, MemorySegment source) {
    readBefore.clear();
    host.writeState(state, row, source);
  }

  @Override
  public void readState(Slot state, int row, MemorySegment target) {
    host.readState(state, row, target);
    if (flaw == Flaw.STALE_READ) {
      float[] now = target.toArray(ValueLayout.JAVA_FLOAT_UNALIGNED);
      float[] before = readBefore.putIfAbsent(state + " " + row + " " + now.length, now);
      if (before != null) {
        target.copyFrom(MemorySegment.ofArray(before));
      }
    }
  }

  @Override
  public void clearState(Slot state, int row, int count) {
    readBefore.clear();
    if (flaw != Flaw.STALE_STATE) {
      host.clearState(state, row, count);
    }
  }

  @Override
  public void arrange(Slot state, Layout layout, boolean back) {
    if (flaw == Flaw.STALE_ORDER) {
      int[] order = orders.computeIfAbsent(layout.batch(), batch -> {
        int[] first = new int[batch];
        for (int position = 0; position < batch; position++) {
          first[position] = layout.sequence(position);
        }
        return first;
      });
      arrange(state, order, back);
    } else if (flaw != Flaw.MISPLACED_STATE) {
      host.arrange(state, layout, back);
    }
  }

  private void arrange(Slot state, int[] order, boolean back) {
    MemorySegment memory = host.segment(state);
    float[] copy = memory.toArray(ValueLayout.JAVA_FLOAT);
    for (int position = 0; position < order.length; position++) {
      int from = back ? position : order[position];
      int to = back ? order[position] : position;
      MemorySegment.copy(copy, from * state.columns(), memory, ValueLayout.JAVA_FLOAT, state.bytes(1, to),
          state.columns());
    }
  }

  @Override
  public void close() {
    host.close();
  }
}
