package dev.carousel.decoding;

import java.util.List;

/**
 * Labels that a network wrote.
 *
 * @param labels what was chosen, without the prompt before it and without the end's label
 * @param logProbability of all choices, the end's among them, as the network gives it
 * @param ended whether the end was chosen; otherwise the limit came first
 */
public record Hypothesis(List<Integer> labels, double logProbability, boolean ended) {
  public Hypothesis {
    labels = List.copyOf(labels);
  }

  /** Between 0 and 1; 0 for what is too small for a double. */
  public double probability() {
    return Math.exp(logProbability);
  }
}
