package dev.carousel.opencl.memory;

import dev.carousel.opencl.driver.OpenClException;
import dev.carousel.spi.Layout;
import dev.carousel.spi.form.Slot;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.jocl.CL;
import org.jocl.cl_command_queue;

/**
 * Where host and device share memory down to single bytes: data is put where kernels read it, when nothing runs. It saves a
 * copy, and commands to the device, each of which costs as much as a small product.
 */
final class SharedTransfer implements Transfer {
  private final cl_command_queue queue;
  private final DeviceMemory memory;
  private boolean running;

  SharedTransfer(cl_command_queue queue, DeviceMemory memory) {
    this.queue = queue;
    this.memory = memory;
  }

  /** Waits for what runs; then the host may look at the memory of a buffer. */
  private MemorySegment host(Object key) {
    if (running) {
      OpenClException.check("clFinish", CL.clFinish(queue));
      running = false;
    }
    return memory.host(key);
  }

  @Override
  public void in(Slot slot, Layout layout, MemorySegment source) {
    layout.pack(slot, source, host(slot));
  }

  @Override
  public void out(Slot slot, Layout layout, MemorySegment target) {
    layout.unpack(slot, host(slot), target);
  }

  @Override
  public void send(Object key, long offset, MemorySegment source) {
    MemorySegment.copy(source, 0, host(key), offset, source.byteSize());
  }

  @Override
  public void fetch(Object key, long offset, MemorySegment target) {
    MemorySegment.copy(host(key), offset, target, 0, target.byteSize());
  }

  @Override
  public void clear(Object key, long offset, long bytes) {
    MemorySegment segment = host(key);
    for (long at = offset; at < offset + bytes; at += Integer.BYTES) { // a slice to fill would be an object a call
      segment.set(ValueLayout.JAVA_INT, at, 0);
    }
  }

  @Override
  public void enqueued() {
    running = true;
  }

  @Override
  public long bytes() {
    return 0;
  }

  @Override
  public void close() {
    // Holds nothing.
  }
}
