package dev.carousel.formats.data;

import dev.carousel.spi.form.Legible;
import dev.carousel.spi.runtime.HostMemory;
import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;

/**
 * A stream to its end as a copy in memory of our own. How long it is shows at its end only: until then it lies in pieces,
 * which outgrow what has come by no more than 16 MiB, and then for a moment twice.
 */
final class WholeStream {
  private static final int BUFFER = 1 << 16;
  private static final long LARGEST_PIECE = 1L << 24; // a multiple of the buffer, as all pieces are

  private final String what;
  private final List<MemorySegment> pieces = new ArrayList<>();
  private long present; // bytes in all pieces
  private long room; // bytes that the last one has left

  private WholeStream(String what) {
    this.what = what;
  }

  /** All that a stream has left, read-only and off the heap, for as long as something refers to it; it is left open. */
  static MemorySegment read(InputStream stream, String what) throws IOException {
    WholeStream whole = new WholeStream(what);
    byte[] buffer = new byte[BUFFER];
    int read = BUFFER;
    while (read == BUFFER) {
      read = whole.fill(buffer, stream);
      whole.add(buffer, read);
    }
    return whole.joined().asReadOnly();
  }

  /** As much as the buffer holds, or less where the stream ends; of what it throws, nothing is known. */
  private int fill(byte[] buffer, InputStream stream) throws IOException {
    try {
      return stream.readNBytes(buffer, 0, BUFFER);
    } catch (IOException | RuntimeException failure) {
      throw new IOException(Legible.format("%s could not be read to its end: its stream failed behind byte %d with %s."
          + " Read it again from a stream that is whole.", what, present, failure), failure);
    }
  }

  private void add(byte[] bytes, int count) throws IOException {
    if (count > 0 && room == 0) {
      room = Math.clamp(present, BUFFER, LARGEST_PIECE) / BUFFER * BUFFER;
      pieces.add(piece(room));
    }
    if (count > 0) {
      MemorySegment last = pieces.getLast();
      MemorySegment.copy(bytes, 0, last, ValueLayout.JAVA_BYTE, last.byteSize() - room, count);
      present += count;
      room -= count;
    }
  }

  private MemorySegment piece(long bytes) throws IOException {
    try {
      return HostMemory.allocate(Arena.ofAuto(), (double) bytes, what);
    } catch (IllegalArgumentException | OutOfMemoryError tooLong) {
      throw new IOException(Legible.format("%s had not ended after %d bytes, and there is no memory for more. Raise"
          + " -XX:MaxDirectMemorySize, or read it from a file of the machine itself, which takes half as much.", what,
          present),
          tooLong);
    }
  }

  private MemorySegment joined() throws IOException {
    MemorySegment whole = WholeFile.allocate(present, what);
    long at = 0;
    for (MemorySegment piece : pieces) {
      long count = Math.min(piece.byteSize(), present - at);
      MemorySegment.copy(piece, 0, whole, at, count);
      at += count;
    }
    return whole;
  }
}
