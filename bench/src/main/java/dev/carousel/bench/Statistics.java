package dev.carousel.bench;

import java.util.List;

/** Numbers that stand for many. */
final class Statistics {
  private static final double LEAST_BEYOND = 5; // of the numbers that a tail's quantile is taken from
  private static final double ROUNDING = 1e-6; // 500 * (1 - 0.99) is a little below 5

  private Statistics() {}

  static double median(List<Double> numbers) {
    return quantile(numbers, 0.5);
  }

  /** The number that this part of them does not exceed, on a line between its neighbours; NaN where there is none. */
  static double quantile(List<Double> numbers, double part) {
    if (numbers.isEmpty()) {
      return Double.NaN;
    }
    double[] sorted = numbers.stream().mapToDouble(Double::doubleValue).sorted().toArray();
    double place = part * (sorted.length - 1);
    int below = (int) place;
    int above = Math.min(below + 1, sorted.length - 1);
    return sorted[below] + (place - below) * (sorted[above] - sorted[below]);
  }

  /** The quantile, or NaN where fewer than five numbers lie beyond it: too few to say anything of so far a tail. */
  static double tail(List<Double> numbers, double part) {
    return numbers.size() * (1 - part) < LEAST_BEYOND - ROUNDING ? Double.NaN : quantile(numbers, part);
  }
}
