package dev.carousel.bench;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * What came of a contest.
 *
 * @param operations multiplications and additions of the valid steps in one call
 * @param oracle what the outputs were compared with; empty where nothing ran
 * @param results in the order of the engines
 */
record Outcome(Shape shape, int threads, long operations, String oracle, List<Result> results) {
  /** The peer with the smallest median, which ratios refer to; without peers the first engine that was timed. */
  Optional<Result> best() {
    return results.stream().filter(result -> result.timed() && Engines.isPeer(result.engine()))
        .min(Comparator.comparingDouble(Result::median))
        .or(() -> results.stream().filter(Result::timed).findFirst());
  }

  double gigaflops(Result result) {
    return operations / result.median() * 1e-6;
  }

  boolean allTimed() {
    return results.stream().allMatch(Result::timed);
  }
}
