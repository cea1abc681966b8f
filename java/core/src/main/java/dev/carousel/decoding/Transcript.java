package dev.carousel.decoding;

import java.util.List;

/**
 * Labels that were read from a sequence.
 *
 * @param logProbability of these labels, summed over the alignments that the search kept
 */
public record Transcript(List<Integer> labels, double logProbability) {
  public Transcript {
    labels = List.copyOf(labels);
  }

  /** Between 0 and 1; 0 for what is too small for a double. */
  public double probability() {
    return Math.exp(logProbability);
  }
}
