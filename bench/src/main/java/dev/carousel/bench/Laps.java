package dev.carousel.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Times engines in turns, A B A B, as a {@link Contest} does, but with a workload of its own for each of them.
 *
 * @param milliseconds of a call, round by round
 */
record Laps(List<Double> milliseconds) {
  private static final long TURN = 2_000_000; // ns
  private static final int LEAST_ROUNDS = 3;

  Laps {
    milliseconds = List.copyOf(milliseconds);
  }

  /** Times each for so many seconds, the warm-up apart; the results are in the order of the engines. */
  static List<Laps> of(List<? extends Engine> engines, double seconds, Quiet quiet) {
    int[] calls = engines.stream().mapToInt(engine -> warmUp(engine, Math.min(0.5, seconds / 4))).toArray();
    List<List<Double>> times = engines.stream().<List<Double>>map(_ -> new ArrayList<>()).toList();
    long start = System.nanoTime();
    double limit = seconds * 1e9 * engines.size();
    for (int round = 0; round < LEAST_ROUNDS || System.nanoTime() - start < limit; round++) {
      for (int i = 0; i < calls.length; i++) {
        quiet.await();
        times.get(i).add(turn(engines.get(i), calls[i]));
      }
    }
    return times.stream().map(Laps::new).toList();
  }

  /** How many calls make a turn. */
  private static int warmUp(Engine engine, double seconds) {
    long start = System.nanoTime();
    long shortest = Long.MAX_VALUE;
    do {
      long before = System.nanoTime();
      engine.run();
      shortest = Math.min(shortest, Math.max(1, System.nanoTime() - before));
    } while (System.nanoTime() - start < seconds * 1e9);
    return (int) Math.ceilDiv(TURN, shortest);
  }

  /** The time of a call: one that wakes the engine's workers does not count. */
  private static double turn(Engine engine, int calls) {
    engine.run();
    long start = System.nanoTime();
    for (int i = 0; i < calls; i++) {
      engine.run();
    }
    return (System.nanoTime() - start) * 1e-6 / calls;
  }

  double median() {
    return Statistics.median(milliseconds);
  }

  double min() {
    return milliseconds.stream().mapToDouble(Double::doubleValue).min().orElse(Double.NaN);
  }

  double max() {
    return milliseconds.stream().mapToDouble(Double::doubleValue).max().orElse(Double.NaN);
  }

  /** The median of what its time is of the other's, round by round. */
  double pairs(Laps other) {
    return Statistics.median(IntStream.range(0, Math.min(milliseconds.size(), other.milliseconds.size()))
        .mapToObj(round -> milliseconds.get(round) / other.milliseconds.get(round)).toList());
  }
}
