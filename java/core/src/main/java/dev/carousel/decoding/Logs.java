package dev.carousel.decoding;

/** Sums of numbers that are given by their logarithms; that of 0 is -Infinity. */
final class Logs {
  private Logs() {}

  /** The logarithm of the sum of two. */
  static double add(double a, double b) {
    double larger = Math.max(a, b);
    return larger == Double.NEGATIVE_INFINITY ? larger : larger + Math.log1p(Math.exp(Math.min(a, b) - larger));
  }

  /** The logarithm of the sum of all. */
  static double sum(double[] logs) {
    double largest = logs[largest(logs)];
    if (largest == Double.NEGATIVE_INFINITY) {
      return largest;
    }
    double sum = 0;
    for (double log : logs) {
      sum += Math.exp(log - largest);
    }
    return largest + Math.log(sum);
  }

  /** The place of the largest, the first of several. */
  static int largest(double[] values) {
    int largest = 0;
    for (int i = 1; i < values.length; i++) {
      if (values[i] > values[largest]) {
        largest = i;
      }
    }
    return largest;
  }
}
