package dev.carousel.bench;

/**
 * How often each time occurred, in memory that is there from the start: a count for each of 64 equal parts of every
 * power of two, so that a time is known to 1.6 %.
 */
final class Histogram {
  private static final int BITS = 6; // 64 parts
  private static final int PARTS = 1 << BITS;

  private final long[] counts = new long[PARTS * Long.SIZE];
  private long total;
  private long sum;
  private long largest;

  /** Counts a time of at least 0. */
  void add(long nanoseconds) {
    counts[bucket(nanoseconds)]++;
    total++;
    sum += nanoseconds;
    largest = Math.max(largest, nanoseconds);
  }

  /** Below 128 each number has its own; from there on the first seven binary digits say which. */
  private static int bucket(long value) {
    int shift = Math.max(0, Long.SIZE - 1 - BITS - Long.numberOfLeadingZeros(value | 1));
    return (shift << BITS) + (int) (value >>> shift);
  }

  /** The largest value of a bucket. */
  private static long top(int bucket) {
    int shift = Math.max(0, (bucket >> BITS) - 1);
    return ((bucket - ((long) shift << BITS) + 1) << shift) - 1;
  }

  long total() {
    return total;
  }

  long sum() {
    return sum;
  }

  long largest() {
    return largest;
  }

  /** A time that so large a part of all does not exceed, rounded up by at most 1.6 %. */
  long quantile(double part) {
    long rank = Math.max(1, (long) Math.ceil(part * total));
    long seen = 0;
    for (int bucket = 0; bucket < counts.length; bucket++) {
      seen += counts[bucket];
      if (seen >= rank) {
        return Math.min(top(bucket), largest);
      }
    }
    return largest;
  }
}
