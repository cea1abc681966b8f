package dev.carousel.formats.npy;

import dev.carousel.formats.data.NdArray;
import java.lang.foreign.MemorySegment;

/** The copying of an array with its dimensions in reverse, so that the first comes to lie closest together. */
final class Turning {
  private final NdArray source;
  private final MemorySegment target;
  private final long[] strides; // in the target, of each dimension of the source; in elements
  private final int bytes;
  private long read;

  Turning(NdArray source, MemorySegment target) {
    this.source = source;
    this.target = target;
    bytes = source.element().bytes();
    strides = new long[source.rank()];
    long stride = 1;
    for (int i = 0; i < strides.length; i++) {
      strides[i] = stride;
      stride *= source.size(i);
    }
  }

  void turn() {
    turn(0, 0);
  }

  /** Reads on, and writes where the dimensions so far have led. */
  private void turn(int dimension, long written) {
    long size = source.size(dimension);
    boolean last = dimension == strides.length - 1;
    for (long i = 0; i < size; i++) {
      long at = written + i * strides[dimension];
      if (last) {
        MemorySegment.copy(source.data(), read++ * bytes, target, at * bytes, bytes);
      } else {
        turn(dimension + 1, at);
      }
    }
  }
}
