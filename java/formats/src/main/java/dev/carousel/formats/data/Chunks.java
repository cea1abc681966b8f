package dev.carousel.formats.data;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;

/** Memory as byte buffers, one after another: channels and checksums take nothing else, and a buffer ends at 2 GiB. */
final class Chunks {
  private static final long LARGEST = 1L << 30;
  private static final int COPIED = 1 << 16;

  private Chunks() {}

  /** What takes a buffer to its end. */
  @FunctionalInterface
  interface Sink {
    void accept(ByteBuffer chunk) throws IOException;
  }

  /** Hands on all bytes in order. Only an array on the heap is copied, a little at a time: it need not be of bytes. */
  static void each(MemorySegment bytes, Sink sink) throws IOException {
    byte[] copy = bytes.isNative() ? new byte[0] : new byte[(int) Math.min(COPIED, bytes.byteSize())];
    long most = bytes.isNative() ? LARGEST : COPIED;
    for (long at = 0; at < bytes.byteSize(); at += most) {
      MemorySegment slice = bytes.asSlice(at, Math.min(most, bytes.byteSize() - at));
      if (bytes.isNative()) {
        sink.accept(slice.asByteBuffer());
      } else {
        MemorySegment.copy(slice, 0, MemorySegment.ofArray(copy), 0, slice.byteSize());
        sink.accept(ByteBuffer.wrap(copy, 0, (int) slice.byteSize()));
      }
    }
  }
}
