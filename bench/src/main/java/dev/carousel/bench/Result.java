package dev.carousel.bench;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;

/**
 * What an engine did in a contest.
 *
 * @param reason why it was not timed; empty where it was
 * @param error the largest difference from the reference; NaN where it was not compared
 */
record Result(String engine, Standing standing, String reason, double error, List<Turn> turns) {
  Result {
    turns = List.copyOf(turns);
  }

  /** The same engine's results from several processes as one: it was timed where it was timed in all. */
  static Result pool(List<Result> forks) {
    Result worst = forks.stream().reduce((a, b) -> b.standing.compareTo(a.standing) > 0 ? b : a).orElseThrow();
    double error = forks.stream().mapToDouble(Result::error).filter(apart -> !Double.isNaN(apart)).max()
        .orElse(Double.NaN);
    List<Turn> turns = forks.stream().flatMap(result -> result.turns.stream()).toList();
    return new Result(worst.engine, worst.standing, worst.reason, error, turns);
  }

  boolean timed() {
    return standing == Standing.TIMED && !turns.isEmpty();
  }

  /** The time of a call in each round, in milliseconds. */
  List<Double> milliseconds() {
    return turns.stream().map(Turn::milliseconds).toList();
  }

  /** The time of every call, in milliseconds. */
  List<Double> calls() {
    return turns.stream().flatMap(turn -> turn.nanoseconds().stream()).map(time -> time * 1e-6).toList();
  }

  double median() {
    return Statistics.median(milliseconds());
  }

  /** The median of each process. */
  List<Double> forkMedians() {
    Map<Integer, List<Double>> forks = new HashMap<>();
    turns.forEach(turn -> forks.computeIfAbsent(turn.fork(), _ -> new ArrayList<>()).add(turn.milliseconds()));
    return forks.keySet().stream().sorted().map(fork -> Statistics.median(forks.getOrDefault(fork, List.of())))
        .toList();
  }

  /** Its median time as a part of the other's. */
  double ratio(Result other) {
    return median() / other.median();
  }

  /** The median of what its time is of the other's, over the rounds that both took part in. */
  double pairs(Result other) {
    record Place(int fork, int round) {}
    Map<Place, Double> others = new HashMap<>();
    other.turns.forEach(turn -> others.put(new Place(turn.fork(), turn.round()), turn.milliseconds()));
    ToDoubleFunction<Turn> theirs = turn -> others.getOrDefault(new Place(turn.fork(), turn.round()), Double.NaN);
    Stream<Double> ratios = turns.stream().map(turn -> turn.milliseconds() / theirs.applyAsDouble(turn));
    return Statistics.median(ratios.filter(ratio -> !Double.isNaN(ratio)).toList());
  }
}
