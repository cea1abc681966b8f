package dev.carousel.bench;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Engines against each other on one workload with one number of threads.
 *
 * <p>Each engine's output is compared with the oracle's, before and after it is timed. The oracle is the reference
 * device; where that would take too long it is onnxruntime, or else the first engine that runs.
 *
 * <p>Each engine warms up for half a second. Then come rounds, at least five, in each of which every engine has a
 * turn, in the same order: A B A B. A turn is: wait until no thread of the process computes, at least 3 ms
 * ({@link Quiet}), so that nobody's spinning workers take a core from the next; one untimed call, which wakes the
 * engine's own workers and brings its weights into the caches; then one timed batch of calls, as many as take 2 ms, at
 * least one. The time of a round is that of a call in its batch. No round is thrown away.
 */
final class Contest {
  private static final double TOLERANCE = 1e-4; // absolute
  private static final long REFERENCE_LIMIT = 300_000_000; // operations; about a second
  private static final int LEAST_ROUNDS = 5;
  private static final String REFERENCE = "reference";
  private static final String ONNXRUNTIME = "onnxruntime";

  private final Workload workload;
  private final int threads;
  private final double seconds;
  private final Quiet quiet;
  private final List<Runner> runners = new ArrayList<>();

  private Contest(Workload workload, int threads, double seconds, Quiet quiet) {
    this.workload = workload;
    this.threads = threads;
    this.seconds = seconds;
    this.quiet = quiet;
  }

  /** Runs it, with so many seconds for each engine. */
  static Outcome run(Shape shape, List<String> engines, int threads, double seconds, Quiet quiet) {
    return new Contest(Workload.of(shape), threads, seconds, quiet).run(engines);
  }

  private Outcome run(List<String> engines) {
    try {
      engines.forEach(name -> runners.add(Runner.open(name, workload, threads)));
      Oracle oracle = oracle();
      if (oracle != null) {
        check(oracle);
        active().forEach(Runner::warmUp);
        rounds();
        check(oracle);
      }
      return new Outcome(workload.shape(), threads, workload.operations(), oracle == null ? "" : oracle.name(),
          runners.stream().map(Runner::result).toList());
    } finally {
      runners.forEach(Runner::close);
    }
  }

  private List<Runner> active() {
    return runners.stream().filter(Runner::runs).toList();
  }

  private @Nullable Oracle oracle() {
    active().forEach(Runner::compute);
    if (workload.operations() <= REFERENCE_LIMIT) {
      try (Engine engine = Engines.open(REFERENCE, workload, 1)) {
        engine.run();
        return new Oracle(REFERENCE, engine.output());
      }
    }
    List<Runner> able = active();
    return able.stream().filter(runner -> runner.name().equals(ONNXRUNTIME)).findFirst()
        .or(() -> able.stream().findFirst()).map(Contest::oracle).orElse(null);
  }

  private static @Nullable Oracle oracle(Runner runner) {
    float[] output = runner.compute();
    return output == null ? null : new Oracle(runner.name(), output);
  }

  private void check(Oracle oracle) {
    active().forEach(runner -> runner.check(oracle.output(), TOLERANCE));
  }

  private void rounds() {
    List<Runner> racing = active();
    long start = System.nanoTime();
    double limit = seconds * 1e9 * racing.size();
    for (int round = 0; round < LEAST_ROUNDS || System.nanoTime() - start < limit; round++) {
      for (Runner runner : racing) {
        quiet.await();
        runner.round();
      }
    }
  }
}
