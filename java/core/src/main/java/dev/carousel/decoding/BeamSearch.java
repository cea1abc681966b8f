package dev.carousel.decoding;

import java.util.Arrays;
import java.util.List;

/** The search for the best hypotheses. Those that have ended keep their places as long as no others are better. */
final class BeamSearch {
  private final NextLabel network;
  private final Stop stop;
  private final Beam beam;

  BeamSearch(NextLabel network, Stop stop, Beam beam) {
    this.network = network;
    this.stop = stop;
    this.beam = beam;
  }

  /** A hypothesis, and the row that holds the state before its last choice was read. */
  private record Kept(Growth growth, int row) {
    boolean live() {
      return !growth.ended();
    }
  }

  private double score(Kept kept) {
    return beam.score(kept.growth().logProbability(), kept.growth().choices().length());
  }

  private static int ties(Kept a, Kept b) {
    return Prefix.compare(a.growth().choices(), b.growth().choices());
  }

  List<Hypothesis> run(int[] prompt) {
    List<Kept> kept = List.of(new Kept(Growth.behind(network.read(prompt)[0]), 0));
    for (int step = 0; step < stop.limit() && kept.stream().anyMatch(Kept::live); step++) {
      kept = step(kept, step);
    }
    return kept.stream().map(each -> each.growth().hypothesis()).toList();
  }

  private List<Kept> step(List<Kept> before, int step) {
    List<Kept> live = before.stream().filter(Kept::live).toList();
    network.move(live.stream().mapToInt(Kept::row).toArray());
    int[] lengths = new int[live.size()];
    Arrays.fill(lengths, 1);
    double[][] logs = network.after(live.stream().mapToInt(each -> each.growth().choices().label()).toArray(), lengths,
        step);
    Best<Kept> best = new Best<>(beam.width(), this::score, BeamSearch::ties);
    before.stream().filter(each -> !each.live()).forEach(best::offer);
    for (int row = 0; row < live.size(); row++) {
      grow(live.get(row).growth(), logs[row], row, best);
    }
    return best.ranked();
  }

  private void grow(Growth growth, double[] logs, int row, Best<Kept> best) {
    int choices = growth.choices().length() + 1;
    for (int label = 0; label < logs.length; label++) {
      if (logs[label] > Double.NEGATIVE_INFINITY
          && !best.hopeless(beam.score(growth.logProbability() + logs[label], choices))) {
        best.offer(new Kept(growth.plus(label, logs[label], stop), row));
      }
    }
  }
}
