package dev.carousel.formats.data;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;

/**
 * Memory as byte buffers, one after another: channels, checksums and inflaters take nothing else, and a buffer ends at 2
 * GiB.
 */
final class Chunks {
  private static final long LARGEST = 1L << 30;
  private static final int COPIED = 1 << 16;

  private Chunks() {}

  /** What takes a buffer to its end. */
  @FunctionalInterface
  interface Sink {
    void accept(ByteBuffer chunk) throws IOException;
  }

  /**
   * Hands on all bytes in order. Copied, a little at a time, are arrays on the heap, which need not be of bytes, and
   * what is mapped: native code that takes a buffer would not survive that its file is cut.
   */
  static void each(MemorySegment bytes, Sink sink) throws IOException {
    boolean lent = bytes.isNative() && !bytes.isMapped();
    byte[] copy = new byte[lent ? 0 : (int) Math.min(COPIED, bytes.byteSize())];
    long most = lent ? LARGEST : COPIED;
    for (long at = 0; at < bytes.byteSize(); at += most) {
      MemorySegment slice = bytes.asSlice(at, Math.min(most, bytes.byteSize() - at));
      if (lent) {
        sink.accept(slice.asByteBuffer());
      } else {
        sink.accept(MappedFile.reading("an array", () -> copied(slice, copy)));
      }
    }
  }

  private static ByteBuffer copied(MemorySegment slice, byte[] copy) {
    MemorySegment.copy(slice, 0, MemorySegment.ofArray(copy), 0, slice.byteSize());
    return ByteBuffer.wrap(copy, 0, (int) slice.byteSize());
  }
}
