package dev.carousel;

import java.lang.foreign.MemorySegment;

/** Memory of which a call takes the first bytes. It allocates nothing as long as they are as many as before. */
final class Room {
  private final MemorySegment all;
  private MemorySegment part;

  Room(MemorySegment all) {
    this.all = all;
    part = all;
  }

  MemorySegment first(long bytes) {
    if (part.byteSize() != bytes) {
      part = all.asSlice(0, bytes);
    }
    return part;
  }

  long bytes() {
    return all.byteSize();
  }

  /** Whether a segment begins in here. */
  boolean holds(MemorySegment segment) {
    return segment.isNative() && Long.compareUnsigned(segment.address() - all.address(), all.byteSize()) < 0;
  }
}
