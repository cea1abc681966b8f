package dev.carousel.bench;

import java.util.List;
import java.util.stream.IntStream;

/**
 * What an engine did in a contest.
 *
 * @param failure why it was not timed; empty where it was
 * @param error the largest difference from the oracle; NaN where it was not compared
 * @param calls in a batch
 * @param milliseconds of one call, for each round
 */
record Result(String engine, String failure, double error, int calls, List<Double> milliseconds) {
  Result {
    milliseconds = List.copyOf(milliseconds);
  }

  boolean timed() {
    return failure.isEmpty() && !milliseconds.isEmpty();
  }

  double min() {
    return milliseconds.stream().mapToDouble(Double::doubleValue).min().orElse(Double.NaN);
  }

  double median() {
    return median(milliseconds);
  }

  double max() {
    return milliseconds.stream().mapToDouble(Double::doubleValue).max().orElse(Double.NaN);
  }

  /** Its median time as a part of the other's. */
  double ratio(Result other) {
    return median() / other.median();
  }

  /** The median of what its time is of the other's, round by round. */
  double pairs(Result other) {
    int rounds = Math.min(milliseconds.size(), other.milliseconds.size());
    return median(IntStream.range(0, rounds).mapToObj(i -> milliseconds.get(i) / other.milliseconds.get(i)).toList());
  }

  private static double median(List<Double> values) {
    if (values.isEmpty()) {
      return Double.NaN;
    }
    List<Double> sorted = values.stream().sorted().toList();
    int middle = sorted.size() / 2;
    return sorted.size() % 2 == 1 ? sorted.get(middle) : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
  }
}
