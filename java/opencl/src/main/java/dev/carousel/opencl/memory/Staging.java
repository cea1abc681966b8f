package dev.carousel.opencl.memory;

import dev.carousel.opencl.driver.OpenClException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.jocl.CL;
import org.jocl.Pointer;
import org.jocl.cl_command_queue;
import org.jocl.cl_mem;

/**
 * Host memory on the way to and from the device, in chunks. What is written may still be on its way when the call is over,
 * so a chunk is used again only when the queue has been waited for; there are enough of them to put the next run's
 * inputs down while this one runs.
 */
public final class Staging implements AutoCloseable {
  private static final long ALIGNMENT = 64;

  private final Arena arena = Arena.ofShared();
  private final cl_command_queue queue;
  private final MemorySegment[] chunks;
  private final Pointer[] pointers;
  private final boolean waits;
  private int used;

  /**
   * So many chunks of so many bytes, for a queue that runs in order.
   *
   * @param waits whether each is waited for, on a device that does not get the order right otherwise
   */
  public Staging(cl_command_queue queue, int count, long bytes, boolean waits) {
    this.queue = queue;
    this.waits = waits;
    chunks = new MemorySegment[count];
    pointers = new Pointer[count];
    for (int i = 0; i < count; i++) {
      chunks[i] = arena.allocate(bytes, ALIGNMENT);
      pointers[i] = Pointer.to(chunks[i].asByteBuffer());
    }
  }

  /** The bytes of a chunk. */
  public long chunk() {
    return chunks[0].byteSize();
  }

  /** The bytes of all. */
  public long bytes() {
    return chunks.length * chunk();
  }

  /** A chunk that nothing is under way from, to be filled and sent. */
  public MemorySegment free() {
    if (used == chunks.length) {
      drain();
    }
    return chunks[used];
  }

  /** Waits until all that was sent has arrived, and all else that the queue was given is done. */
  public void drain() {
    OpenClException.check("clFinish", CL.clFinish(queue));
    used = 0;
  }

  /** Sends the first bytes of the chunk that was free. */
  public void send(cl_mem target, long offset, long bytes) {
    OpenClException.check("clEnqueueWriteBuffer",
        CL.clEnqueueWriteBuffer(queue, target, waits, offset, bytes, pointers[used], 0, null, null));
    used++;
  }

  /** Waits for the queue, and for bytes of a buffer, which are in the chunk that comes back. */
  public MemorySegment fetch(cl_mem source, long offset, long bytes) {
    OpenClException.check("clEnqueueReadBuffer",
        CL.clEnqueueReadBuffer(queue, source, true, offset, bytes, pointers[0], 0, null, null));
    used = 0; // all that was sent before has arrived
    return chunks[0];
  }

  /** Sends all of it. */
  public void send(MemorySegment source, cl_mem target, long offset) {
    for (long at = 0; at < source.byteSize(); at += chunk()) {
      long part = Math.min(chunk(), source.byteSize() - at);
      MemorySegment.copy(source, at, free(), 0, part);
      send(target, offset + at, part);
    }
  }

  /** Fetches as much as the target holds. */
  public void fetch(cl_mem source, long offset, MemorySegment target) {
    for (long at = 0; at < target.byteSize(); at += chunk()) {
      long part = Math.min(chunk(), target.byteSize() - at);
      MemorySegment.copy(fetch(source, offset + at, part), 0, target, at, part);
    }
  }

  @Override
  public void close() {
    arena.close();
  }
}
