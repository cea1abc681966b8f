package dev.carousel;

import dev.carousel.spi.runtime.HostMemory;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.jspecify.annotations.Nullable;

/**
 * The places of the rows of a call between its caller and a session. They allocate nothing for a shape that has been
 * seen.
 */
final class Transfer {
  private final @Nullable Room own; // the session's memory, where it can be reached and has the caller's order
  private final Room plain; // in the caller's order
  private final Room turned; // in the session's order; plain itself where the two are the same
  private final int width; // columns of a row

  /**
   * Places for so many rows.
   *
   * @param session the session's memory of them, or null
   * @param turns whether the caller's order is another than the session's
   */
  Transfer(Arena arena, @Nullable MemorySegment session, long rows, int width, boolean turns) {
    this.width = width;
    own = turns || session == null ? null : new Room(session, 4L * width);
    plain = room(arena, rows);
    turned = turns ? room(arena, rows) : plain;
  }

  private Room room(Arena arena, long rows) {
    return new Room(HostMemory.allocate(arena, 4.0 * rows * width, "The buffer of a predictor"), 4L * width);
  }

  /** The bytes of these places that are not the session's. */
  long bytes() {
    return turned == plain ? plain.bytes() : plain.bytes() + turned.bytes();
  }

  /** The first rows, in the caller's order; rows that are to be packed do not stand where the session has them. */
  MemorySegment plain(long rows, boolean packed) {
    return (own == null || packed ? plain : own).first(rows);
  }

  /** The first rows, in the session's order. */
  MemorySegment turned(long rows) {
    return turned.first(rows);
  }

  /** Whether a caller's segment is the session's memory. */
  boolean owns(MemorySegment segment) {
    return own != null && own.holds(segment);
  }

  /** Copies {@code [rows][columns][width]} to {@code [columns][rows][width]}. */
  void turn(MemorySegment source, MemorySegment target, int rows, int columns) {
    long bytes = 4L * width;
    for (long row = 0; row < rows; row++) {
      for (long column = 0; column < columns; column++) {
        MemorySegment.copy(source, bytes * (row * columns + column), target, bytes * (column * rows + row), bytes);
      }
    }
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
