package dev.carousel.bench;

import java.util.ArrayList;
import java.util.List;

/**
 * Engines against each other on one workload with one number of threads.
 *
 * <p>Each engine's output is compared with the reference device's, before and after it is timed.
 *
 * <p>Each engine warms up. Then come rounds, in each of which every engine has a turn, in the same order: A B A B. A turn
 * is: wait until no thread of the process computes, at least 3 ms ({@link Quiet}), so that nobody's spinning workers
 * take a core from the next; one untimed call, which wakes the engine's own workers and brings its weights into the
 * caches; then timed calls, one behind the other, as many as take 5 ms, at least one. The time of a round is the mean
 * of its calls. No round is thrown away.
 *
 * <p>An engine whose turns are more than five times as long as the quickest engine's sits out some rounds, so that it
 * takes no more than five times the quickest's time from the others.
 */
final class Contest {
  private static final double TOLERANCE = 1e-4; // absolute
  private static final double SLOW = 5; // times the quickest
  private static final double WAIT = 27e6; // ns: about what a turn waits for quiet

  private final Workload workload;
  private final int threads;
  private final Pace pace;
  private final Quiet quiet;
  private final List<Runner> runners = new ArrayList<>();

  /**
   * How long engines are timed.
   *
   * @param seconds for each engine
   * @param rounds at least
   * @param fork which process this is
   */
  record Pace(double seconds, int rounds, int fork) {
    private static final double LONGEST_WARM_UP = 0.5; // s

    /** Half of the time, and half a second at most. */
    double warmUp() {
      return Math.min(LONGEST_WARM_UP, seconds / 2);
    }
  }

  private Contest(Workload workload, int threads, Pace pace, Quiet quiet) {
    this.workload = workload;
    this.threads = threads;
    this.pace = pace;
    this.quiet = quiet;
  }

  /** Runs it. */
  static Outcome run(Workload workload, Oracle oracle, List<String> engines, int threads, Pace pace, Quiet quiet,
      Opener opener) {
    return new Contest(workload, threads, pace, quiet).run(oracle, engines, opener);
  }

  private Outcome run(Oracle oracle, List<String> engines, Opener opener) {
    try {
      engines.forEach(name -> runners.add(Runner.open(name, workload, threads, opener)));
      active().forEach(Runner::compute);
      check(oracle);
      active().forEach(runner -> runner.warmUp(pace.warmUp()));
      rounds();
      check(oracle);
      return new Outcome(workload.shape(), threads, workload.operations(),
          runners.stream().map(Runner::result).toList());
    } finally {
      runners.forEach(Runner::close);
    }
  }

  private List<Runner> active() {
    return runners.stream().filter(Runner::runs).toList();
  }

  private void check(Oracle oracle) {
    active().forEach(runner -> runner.check(oracle, workload.shape(), TOLERANCE));
  }

  private void rounds() {
    List<Runner> racing = active();
    double quickest = racing.stream().mapToDouble(runner -> WAIT + runner.turnTime()).min().orElse(WAIT);
    long start = System.nanoTime();
    double limit = pace.seconds() * 1e9 * racing.size();
    for (int round = 0; round < pace.rounds() || System.nanoTime() - start < limit; round++) {
      for (Runner runner : racing) {
        int every = (int) Math.ceil((WAIT + runner.turnTime()) / (SLOW * quickest));
        if (runner.runs() && round % every == 0) {
          quiet.await();
          runner.turn(pace.fork(), round);
        }
      }
    }
  }
}
