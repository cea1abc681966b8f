package dev.carousel.opencl.memory;

import dev.carousel.opencl.driver.OpenClException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.jocl.CL;
import org.jocl.Pointer;
import org.jocl.cl_command_queue;
import org.jocl.cl_mem;

/**
 * Host memory on the way to and from the device: a piece at a time, small enough to be in the cache still when the device
 * fetches it. Each piece is waited for; what JOCL does for one that is not takes a thread and objects of its own.
 */
public final class Staging implements AutoCloseable {
  private static final long ALIGNMENT = 64;
  private static final long USUAL = 1 << 20;

  private final Arena arena = Arena.ofShared();
  private final cl_command_queue queue;
  private final MemorySegment piece;
  private final Pointer pointer;

  /** A piece of the usual size, or of more where a row takes more. */
  public Staging(cl_command_queue queue, long row) {
    this.queue = queue;
    piece = arena.allocate(Math.max(USUAL, row), ALIGNMENT);
    pointer = Pointer.to(piece.asByteBuffer());
  }

  /** The bytes that pass at a time. */
  public long bytes() {
    return piece.byteSize();
  }

  /** What is sent from, and fetched to. */
  public MemorySegment piece() {
    return piece;
  }

  /** Sends the first bytes of the piece. */
  public void send(cl_mem target, long offset, long bytes) {
    OpenClException.check("clEnqueueWriteBuffer",
        CL.clEnqueueWriteBuffer(queue, target, true, offset, bytes, pointer, 0, null, null));
  }

  /** Waits for the queue, and for bytes of a buffer, which are in the piece then. */
  public void fetch(cl_mem source, long offset, long bytes) {
    OpenClException.check("clEnqueueReadBuffer",
        CL.clEnqueueReadBuffer(queue, source, true, offset, bytes, pointer, 0, null, null));
  }

  /** Sends the first bytes of the source. */
  public void send(MemorySegment source, long length, cl_mem target, long offset) {
    for (long at = 0; at < length; at += bytes()) {
      long part = Math.min(bytes(), length - at);
      MemorySegment.copy(source, at, piece, 0, part);
      send(target, offset + at, part);
    }
  }

  /** Fetches as much as the target holds. */
  public void fetch(cl_mem source, long offset, MemorySegment target) {
    for (long at = 0; at < target.byteSize(); at += bytes()) {
      long part = Math.min(bytes(), target.byteSize() - at);
      fetch(source, offset + at, part);
      MemorySegment.copy(piece, 0, target, at, part);
    }
  }

  @Override
  public void close() {
    arena.close();
  }
}
