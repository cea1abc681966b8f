package dev.carousel.decoding;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The search of one sequence, a step after the other. It keeps the most probable prefixes, each with the mass of its
 * alignments so far. What a prefix has after a step comes from itself, by a blank or by its last label once more, and
 * from the one that is shorter by a label.
 */
final class CtcBeam {
  private static final double NONE = Double.NEGATIVE_INFINITY;

  private final int blank;
  private final int width;
  private final Map<Prefix, Mass> beam = new LinkedHashMap<>(); // the best first
  private final Map<Prefix, Map<Integer, Prefix>> longer = new HashMap<>(); // of a prefix, by label, all ever kept

  CtcBeam(int blank, int width) {
    this.blank = blank;
    this.width = width;
    beam.put(Prefix.behind(blank), Mass.of(0, NONE));
  }

  /** The log-probability of a prefix's alignments, by what they end in. */
  private record Mass(double blank, double label, double total) {
    static Mass of(double blank, double label) {
      return new Mass(blank, label, Logs.add(blank, label));
    }
  }

  private record Kept(Prefix prefix, Mass mass) {}

  /** Reads a row of log-probabilities. */
  void step(double[] row) {
    Best<Kept> best = new Best<>(width, kept -> kept.mass().total(), (a, b) -> Prefix.compare(a.prefix(), b.prefix()));
    beam.forEach((prefix, mass) -> {
      Mass stayed = stayed(prefix, mass, row);
      if (stayed.total() > NONE) {
        best.offer(new Kept(prefix, stayed));
      }
      grow(prefix, mass, row, best);
    });
    beam.clear();
    best.ranked().forEach(kept -> keep(kept.prefix(), kept.mass()));
  }

  /** Offers what is longer by a label, but for what is in the beam: there it is counted with what stays. */
  private void grow(Prefix prefix, Mass mass, double[] row, Best<Kept> best) {
    Map<Integer, Prefix> known = longer.getOrDefault(prefix, Map.of());
    for (int label = 0; label < row.length; label++) {
      double grown = grown(prefix, mass, label, row);
      if (label != blank && grown > NONE && !best.hopeless(grown)) {
        Prefix next = known.get(label);
        if (next == null || !beam.containsKey(next)) {
          best.offer(new Kept(next == null ? prefix.plus(label) : next, new Mass(NONE, grown, grown)));
        }
      }
    }
  }

  /** A prefix that was dropped and comes back is the same one: others may have grown from it. */
  private void keep(Prefix prefix, Mass mass) {
    beam.put(prefix, mass);
    Prefix parent = prefix.parent();
    if (parent != null) {
      longer.computeIfAbsent(parent, _ -> new HashMap<>()).put(prefix.label(), prefix);
    }
  }

  /** The mass of a prefix after a step, what comes from its parent included. */
  private Mass stayed(Prefix prefix, Mass mass, double[] row) {
    Prefix parent = prefix.parent();
    Mass shorter = parent == null ? null : beam.get(parent);
    double repeated = mass.label() + row[prefix.label()];
    return Mass.of(mass.total() + row[blank],
        parent == null || shorter == null ? repeated
            : Logs.add(repeated, grown(parent, shorter, prefix.label(), row)));
  }

  /** A label that is the last one's repetition has to have a blank between. */
  private static double grown(Prefix prefix, Mass mass, int label, double[] row) {
    return row[label] + (label == prefix.label() ? mass.blank() : mass.total());
  }

  List<Transcript> transcripts() {
    return beam.entrySet().stream().map(kept -> new Transcript(kept.getKey().list(), kept.getValue().total())).toList();
  }
}
