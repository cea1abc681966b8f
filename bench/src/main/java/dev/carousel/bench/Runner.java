package dev.carousel.bench;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** An engine in a contest: what it was found to compute, and how long it took in each round. */
final class Runner implements AutoCloseable {
  private static final long WARM_UP = 500_000_000; // ns
  private static final int LEAST_WARM_UP = 2; // calls
  private static final long BATCH = 2_000_000; // ns

  private final String name;
  private final @Nullable Engine engine;
  private final List<Double> rounds = new ArrayList<>();
  private int calls = 1;
  private double error = Double.NaN;
  private String failure;

  private Runner(String name, @Nullable Engine engine, String failure) {
    this.name = name;
    this.engine = engine;
    this.failure = failure;
  }

  /** An engine that cannot be made is one that has failed, not the end of the contest. */
  static Runner open(String name, Workload workload, int threads) {
    try {
      return new Runner(name, Engines.open(name, workload, threads), "");
    } catch (RuntimeException | LinkageError failure) {
      return new Runner(name, null, message(failure));
    }
  }

  private static String message(Throwable failure) {
    String message = failure.getMessage();
    return message == null ? failure.toString() : message.lines().findFirst().orElse(failure.toString());
  }

  String name() {
    return name;
  }

  /** Why it is not timed; empty where it is. */
  String failure() {
    return failure;
  }

  boolean runs() {
    return engine != null && failure.isEmpty();
  }

  private Engine engine() {
    if (engine == null) {
      throw new IllegalStateException(name + " was not made: " + failure);
    }
    return engine;
  }

  /** What a call gives; null where it fails. */
  float @Nullable [] compute() {
    try {
      engine().run();
      return engine().output();
    } catch (RuntimeException | LinkageError broken) {
      failure = message(broken);
      return null;
    }
  }

  /** Compares what the last call gave. One that differs by more than the bound has failed. */
  void check(float[] expected, double bound) {
    double apart = difference(engine().output(), expected);
    error = Double.isNaN(error) ? apart : Math.max(error, apart);
    if (apart > bound) {
      failure = String.format("Its output differs by %.1e, and %.0e is allowed.", apart, bound);
    }
  }

  /** The largest difference; infinite where one is no number. */
  private static double difference(float[] output, float[] expected) {
    if (output.length != expected.length) {
      return Double.POSITIVE_INFINITY;
    }
    double largest = 0;
    for (int i = 0; i < output.length; i++) {
      double apart = Math.abs((double) output[i] - expected[i]);
      largest = Double.isNaN(apart) ? Double.POSITIVE_INFINITY : Math.max(largest, apart);
    }
    return largest;
  }

  /** Runs for half a second, and finds how many calls take 2 ms. */
  void warmUp() {
    long start = System.nanoTime();
    long shortest = Long.MAX_VALUE;
    for (int i = 0; i < LEAST_WARM_UP || System.nanoTime() - start < WARM_UP; i++) {
      long before = System.nanoTime();
      engine().run();
      shortest = Math.min(shortest, System.nanoTime() - before);
    }
    calls = (int) Math.max(1, Math.ceilDiv(BATCH, Math.max(1, shortest)));
  }

  /** One untimed call, then a batch of timed ones. */
  void round() {
    engine().run();
    long start = System.nanoTime();
    for (int i = 0; i < calls; i++) {
      engine().run();
    }
    rounds.add((System.nanoTime() - start) * 1e-6 / calls);
  }

  /** What it has done; the times are of no use where it has failed. */
  Result result() {
    return new Result(name, failure, error, calls, rounds);
  }

  @Override
  public void close() {
    if (engine != null) {
      engine.close();
    }
  }
}
