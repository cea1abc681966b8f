package dev.carousel.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/** An engine in a contest: what it was found to compute, and how long it took in each round. */
final class Runner implements AutoCloseable {
  private static final long TURN = 5_000_000; // ns

  private final String name;
  private final @Nullable Engine engine;
  private final List<Turn> turns = new ArrayList<>();
  private long shortest = Long.MAX_VALUE; // ns
  private long[] calls = new long[1]; // of a turn, ns
  private double error = Double.NaN;
  private Standing standing;
  private String reason;

  private Runner(String name, @Nullable Engine engine, Standing standing, String reason) {
    this.name = name;
    this.engine = engine;
    this.standing = standing;
    this.reason = reason;
  }

  /** An engine that cannot be made has failed or declined; that is not the end of the contest. */
  static Runner open(String name, Workload workload, int threads, Opener opener) {
    try {
      return new Runner(name, opener.open(name, workload, threads), Standing.TIMED, "");
    } catch (UnsupportedOperationException without) {
      return new Runner(name, null, Standing.DECLINED, message(without));
    } catch (RuntimeException | LinkageError failure) {
      return new Runner(name, null, Standing.FAILED, message(failure));
    }
  }

  private static String message(Throwable failure) {
    String message = failure.getMessage();
    return message == null ? failure.toString() : message.lines().findFirst().orElse(failure.toString());
  }

  boolean runs() {
    return engine != null && standing == Standing.TIMED;
  }

  private Engine engine() {
    if (engine == null) {
      throw new IllegalStateException(name + " was not made: " + reason);
    }
    return engine;
  }

  /** The first call. */
  void compute() {
    attempt(() -> engine().run());
  }

  /** An engine that breaks has failed, and the others go on. */
  private void attempt(Runnable work) {
    try {
      work.run();
    } catch (RuntimeException | LinkageError broken) {
      fail(message(broken));
    }
  }

  /** Compares what the last call gave. One that differs by more than the bound has failed. */
  void check(Oracle oracle, Shape shape, double bound) {
    attempt(() -> {
      double apart = oracle.difference(shape, engine().output());
      error = Double.isNaN(error) ? apart : Math.max(error, apart);
      if (apart > bound) {
        fail(String.format("Its output differs by %.1e, and %.0e is allowed.", apart, bound));
      }
    });
  }

  private void fail(String why) {
    standing = Standing.FAILED;
    reason = why;
  }

  /** Runs for so long, and at least once, and finds how many calls make a turn. */
  void warmUp(double seconds) {
    attempt(() -> {
      long start = System.nanoTime();
      do {
        long before = System.nanoTime();
        engine().run();
        shortest = Math.min(shortest, Math.max(1, System.nanoTime() - before));
      } while (System.nanoTime() - start < seconds * 1e9);
      calls = new long[(int) Math.ceilDiv(TURN, shortest)];
    });
  }

  /** How long a turn takes, by the shortest call of the warm-up, in nanoseconds. */
  double turnTime() {
    return (double) shortest * (1 + calls.length);
  }

  /** One untimed call, then timed ones. */
  void turn(int fork, int round) {
    attempt(() -> {
      engine().run();
      long before = System.nanoTime();
      for (int i = 0; i < calls.length; i++) {
        engine().run();
        long now = System.nanoTime();
        calls[i] = now - before;
        before = now;
      }
      turns.add(new Turn(fork, round, LongStream.of(calls).boxed().toList()));
    });
  }

  /** What it has done. */
  Result result() {
    return new Result(name, standing, reason, error, turns);
  }

  @Override
  public void close() {
    if (engine != null) {
      engine.close();
    }
  }
}
