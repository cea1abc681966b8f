package dev.carousel.opencl.memory;

import dev.carousel.spi.Layout;
import dev.carousel.spi.form.Slot;
import java.lang.foreign.MemorySegment;

/** The way of data between the host and the buffers of a session, in the order of what the queue was given. */
interface Transfer extends AutoCloseable {
  /** Brings all rows of a slot in, in the run's order. */
  void in(Slot slot, Layout layout, MemorySegment source);

  /** Waits, and brings all rows of a slot out, in the caller's order. */
  void out(Slot slot, Layout layout, MemorySegment target);

  /** Brings bytes in. */
  void send(Object key, long offset, MemorySegment source);

  /** Waits, and brings as many bytes out as the target holds. */
  void fetch(Object key, long offset, MemorySegment target);

  /** Sets bytes to 0. */
  void clear(Object key, long offset, long bytes);

  /** Kernels have been enqueued. */
  void enqueued();

  /** The bytes of host memory that it holds. */
  long bytes();

  @Override
  void close();
}
