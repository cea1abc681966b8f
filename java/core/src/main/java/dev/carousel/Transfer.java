package dev.carousel;

import dev.carousel.spi.Session;
import dev.carousel.spi.form.Slot;
import dev.carousel.spi.runtime.HostMemory;
import dev.carousel.spi.runtime.Room;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.jspecify.annotations.Nullable;

/**
 * The places of an input's or an output's rows between a caller and a session. They allocate nothing for a shape that has
 * been seen.
 */
final class Transfer {
  private final Slot slot;
  private final @Nullable Room own; // the session's memory, where it can be reached
  private final Room plain;

  /** Places for runs of up to so many steps and sequences. */
  Transfer(Arena arena, Session session, Slot slot, int maxSteps, int maxBatch) {
    this.slot = slot;
    MemorySegment memory = session.memory(slot);
    own = memory == null ? null : new Room(memory, slot.rowBytes());
    plain = new Room(HostMemory.allocate(arena, (double) slot.bytes(maxSteps, maxBatch), "The buffer of a predictor"),
        slot.rowBytes());
  }

  Slot slot() {
    return slot;
  }

  /** The bytes of these places that are not the session's. */
  long bytes() {
    return plain.bytes();
  }

  /** The rows of a run, in the caller's order; those that are to be packed do not stand where the session has them. */
  MemorySegment place(int steps, int batch, boolean packed) {
    return (own == null || packed ? plain : own).first(slot.rows(steps, batch));
  }

  /** Whether a caller's segment is the session's memory. */
  boolean owns(MemorySegment segment) {
    return own != null && own.holds(segment);
  }

  static void copy(float[] source, MemorySegment target) {
    MemorySegment.copy(source, 0, target, ValueLayout.JAVA_FLOAT, 0, source.length);
  }

  static void copy(int[] source, MemorySegment target) {
    MemorySegment.copy(source, 0, target, ValueLayout.JAVA_INT, 0, source.length);
  }

  static void copy(MemorySegment source, float[] target) {
    MemorySegment.copy(source, ValueLayout.JAVA_FLOAT, 0, target, 0, target.length);
  }
}
