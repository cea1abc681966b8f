package dev.carousel.conformance;

import dev.carousel.spi.Session;
import dev.carousel.spi.form.Slot;
import dev.carousel.spi.runtime.HostBuffers;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A session that is right but for its flaw. */
final class FlawedSession implements Session {
  private final Session right;
  private final HostBuffers host;
  private final Flaw flaw;
  private final Map<Integer, int[]> lengthsBefore = new HashMap<>(); // of the first ragged run of so many sequences
  private boolean uniform;

  FlawedSession(Session right, HostBuffers host, Flaw flaw) {
    this.right = right;
    this.host = host;
    this.flaw = flaw;
  }

  @Override
  public void begin(int steps, int batch, int @Nullable [] lengths) {
    right.begin(steps, batch, lengths);
    uniform = lengths == null;
    if (flaw == Flaw.STALE_LENGTHS && lengths != null) {
      int[] before = lengthsBefore.computeIfAbsent(batch, _ -> lengths.clone());
      if (Arrays.stream(before).allMatch(length -> length <= steps)) {
        right.begin(steps, batch, before);
      }
    }
  }

  @Override
  public void write(Slot input, MemorySegment source) {
    right.write(input, source);
    if (flaw == Flaw.FETCHED_TWICE && uniform && input.element() == Slot.Element.I32) {
      MemorySegment.copy(source, 0, host.segment(input), 0, source.byteSize());
    }
  }

  @Override
  public void forward() {
    right.forward();
  }

  @Override
  public void read(Slot output, MemorySegment target) {
    right.read(output, target);
  }

  @Override
  public void writeState(Slot state, int row, MemorySegment source) {
    right.writeState(state, row, source);
  }

  @Override
  public void readState(Slot state, int row, MemorySegment target) {
    right.readState(state, row, target);
  }

  @Override
  public @Nullable MemorySegment memory(Slot slot) {
    return flaw == Flaw.LENT_INDICES ? host.segment(slot) : flaw == Flaw.STALE_OUTPUT ? null : right.memory(slot);
  }

  @Override
  public void resetState(int row, int rows) {
    right.resetState(row, rows);
  }

  @Override
  public long bytes() {
    return right.bytes();
  }

  @Override
  public void close() {
    right.close();
  }
}
