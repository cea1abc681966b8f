package dev.carousel;

import dev.carousel.spi.HostMemory;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * A place for the rows of a call on their way between arrays, or batch-major data, and a session. It allocates nothing
 * a call as long as the shape stays the same.
 */
final class Transfer {
  private final MemorySegment plain; // in the caller's order
  private final MemorySegment turned; // in the session's order; plain itself where the two are the same
  private final int width; // columns of a row
  private final boolean turns;
  private MemorySegment plainPart;
  private MemorySegment turnedPart;

  Transfer(Arena arena, long rows, int width, boolean turns) {
    plain = HostMemory.allocate(arena, 4.0 * rows * width, "The buffer of a predictor");
    turned = turns ? HostMemory.allocate(arena, 4.0 * rows * width, "The buffer of a predictor") : plain;
    this.width = width;
    this.turns = turns;
    plainPart = plain;
    turnedPart = turned;
  }

  long bytes() {
    return turns ? 2 * plain.byteSize() : plain.byteSize();
  }

  /** The first rows, in the caller's order. */
  MemorySegment plain(long rows) {
    long bytes = rows * width * 4;
    if (plainPart.byteSize() != bytes) {
      plainPart = plain.asSlice(0, bytes);
    }
    return plainPart;
  }

  /** The first rows, in the session's order. */
  MemorySegment turned(long rows) {
    long bytes = rows * width * 4;
    if (turnedPart.byteSize() != bytes) {
      turnedPart = turned.asSlice(0, bytes);
    }
    return turnedPart;
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
