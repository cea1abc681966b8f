package dev.carousel.spi.runtime;

import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/**
 * Memory of which a call takes the first rows. The segment of a number of rows is kept, so that calls of sizes that have
 * been seen allocate nothing; sizes that share a place, of which small rooms have none, replace each other.
 */
public final class Room {
  private static final int PLACES = 4096;

  private final MemorySegment all;
  private final long width; // bytes of a row
  private final @Nullable MemorySegment[] parts;

  /** Memory of rows of so many bytes. */
  public Room(MemorySegment all, long width) {
    this.all = all;
    this.width = width;
    parts = new MemorySegment[(int) Math.min(all.byteSize() / width + 1, PLACES)];
  }

  /** The first rows. */
  public MemorySegment first(long rows) {
    int place = (int) (rows % parts.length);
    MemorySegment part = parts[place];
    if (part == null || part.byteSize() != rows * width) {
      part = all.asSlice(0, rows * width);
      parts[place] = part;
    }
    return part;
  }

  /** The bytes of all rows. */
  public long bytes() {
    return all.byteSize();
  }

  /** Whether a segment begins in here. */
  public boolean holds(MemorySegment segment) {
    return segment.isNative() && Long.compareUnsigned(segment.address() - all.address(), all.byteSize()) < 0;
  }
}
