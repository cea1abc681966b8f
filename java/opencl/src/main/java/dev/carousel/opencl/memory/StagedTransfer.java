package dev.carousel.opencl.memory;

import dev.carousel.opencl.driver.OpenClException;
import dev.carousel.spi.Layout;
import dev.carousel.spi.form.Slot;
import java.lang.foreign.MemorySegment;
import org.jocl.CL;
import org.jocl.cl_command_queue;
import org.jocl.cl_mem;

/** Where the device has memory of its own: rows pass through a piece of host memory. */
final class StagedTransfer implements Transfer {
  /** The key of a buffer of zeros, as large as the largest that is cleared. */
  static final String ZEROS = "a state's zeros";

  private final cl_command_queue queue;
  private final DeviceMemory memory;
  private final Staging staging;

  /** Rows are of so many bytes at most; so many bytes of zeros are put on the device. */
  StagedTransfer(cl_command_queue queue, DeviceMemory memory, long row, long zeros) {
    this.queue = queue;
    this.memory = memory;
    staging = new Staging(queue, row);
    try {
      for (long at = 0; at < zeros; at += staging.bytes()) { // the piece is still as it was allocated
        staging.send(memory.get(ZEROS), at, Math.min(staging.bytes(), zeros - at));
      }
    } catch (RuntimeException | Error failure) {
      staging.close();
      throw failure;
    }
  }

  @Override
  public void in(Slot slot, Layout layout, MemorySegment source) {
    cl_mem target = memory.get(slot);
    if (layout.plain(slot)) {
      staging.send(source, slot.bytes(layout.steps(), layout.batch()), target, 0);
      return;
    }
    long width = slot.rowBytes();
    long offset = 0;
    long filled = 0;
    boolean steps = slot.extent() == Slot.Extent.STEPS;
    Layout along = layout.along(slot.axis());
    for (int step = 0; step < (steps ? along.longest() : 1); step++) {
      for (int position = 0; position < (steps ? along.active(step) : along.batch()); position++) {
        if (filled + width > staging.bytes()) {
          staging.send(target, offset, filled);
          offset += filled;
          filled = 0;
        }
        MemorySegment.copy(source, width * place(steps, along, step, position), staging.piece(), filled, width);
        filled += width;
      }
    }
    if (filled > 0) {
      staging.send(target, offset, filled);
    }
  }

  /** The row in the caller's data. */
  private static long place(boolean steps, Layout along, int step, int position) {
    return steps ? along.place(step, position) : along.sequence(position);
  }

  @Override
  public void out(Slot slot, Layout layout, MemorySegment target) {
    cl_mem source = memory.get(slot);
    if (layout.plain(slot)) {
      staging.fetch(source, 0, target);
      return;
    }
    if (!layout.uniform()) {
      target.fill((byte) 0); // the padding
    }
    long width = slot.rowBytes();
    boolean steps = slot.extent() == Slot.Extent.STEPS;
    Layout along = layout.along(slot.axis());
    long end = width * (steps ? along.rows() : along.active(0));
    long begin = 0; // of the piece, in the bytes of all rows
    long fetched = 0; // where it ends
    long at = 0;
    for (int step = 0; step < (steps ? along.longest() : 1); step++) {
      for (int position = 0; position < along.active(step); position++) {
        if (at == fetched) {
          begin = at;
          fetched = Math.min(end, at + staging.bytes() / width * width);
          staging.fetch(source, begin, fetched - begin);
        }
        MemorySegment.copy(staging.piece(), at - begin, target, width * place(steps, along, step, position), width);
        at += width;
      }
    }
  }

  @Override
  public void send(Object key, long offset, MemorySegment source) {
    staging.send(source, source.byteSize(), memory.get(key), offset);
  }

  @Override
  public void fetch(Object key, long offset, MemorySegment target) {
    staging.fetch(memory.get(key), offset, target);
  }

  @Override
  public void clear(Object key, long offset, long bytes) {
    if (bytes > 0) {
      OpenClException.check("clEnqueueCopyBuffer",
          CL.clEnqueueCopyBuffer(queue, memory.get(ZEROS), memory.get(key), 0, offset, bytes, 0, null, null));
    }
  }

  @Override
  public void enqueued() {
    // The queue keeps the order.
  }

  @Override
  public long bytes() {
    return staging.bytes();
  }

  @Override
  public void close() {
    staging.close();
  }
}
