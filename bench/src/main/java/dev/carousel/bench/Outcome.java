package dev.carousel.bench;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * What came of a contest.
 *
 * @param operations multiplications and additions of the valid steps in one call
 * @param results in the order of the engines
 */
record Outcome(Shape shape, int threads, long operations, List<Result> results) {
  Outcome {
    results = List.copyOf(results);
  }

  /** The outcomes of one contest in several processes as one. */
  static Outcome pool(List<Outcome> forks) {
    Outcome first = forks.getFirst();
    List<Result> results = IntStream.range(0, first.results.size())
        .mapToObj(engine -> Result.pool(forks.stream().map(fork -> fork.results.get(engine)).toList())).toList();
    return new Outcome(first.shape, first.threads, first.operations, results);
  }

  /** The peer with the smallest median, which ratios refer to; without peers the first engine that was timed. */
  Optional<Result> best() {
    return results.stream().filter(result -> result.timed() && Engines.isPeer(result.engine()))
        .min(Comparator.comparingDouble(Result::median))
        .or(() -> results.stream().filter(Result::timed).findFirst());
  }

  double gigaflops(Result result) {
    return operations / result.median() * 1e-6;
  }
}
