package dev.carousel.decoding;

import java.util.List;

/**
 * Labels, and where they stand in the sequence that they were read from.
 *
 * @param starts the step at which each label begins
 * @param logProbability of this alignment alone; others may give the same labels
 */
public record Alignment(List<Integer> labels, List<Integer> starts, double logProbability) {
  public Alignment {
    labels = List.copyOf(labels);
    starts = List.copyOf(starts);
  }

  /** Between 0 and 1; 0 for what is too small for a double. */
  public double probability() {
    return Math.exp(logProbability);
  }
}
