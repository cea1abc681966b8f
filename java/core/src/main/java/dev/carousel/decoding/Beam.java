package dev.carousel.decoding;

import static dev.carousel.spi.form.Check.argument;

/**
 * How a search keeps several hypotheses.
 *
 * @param width how many; each is a row of the predictor's batch
 * @param lengthPenalty the power of the length that log-probabilities are divided by when hypotheses are compared: 0
 *        compares probabilities, which favours the short, 1 the mean of a choice
 */
public record Beam(int width, double lengthPenalty) {
  public Beam {
    argument(width > 0, "A search of width %d was asked for. It keeps at least 1.", width);
    argument(Double.isFinite(lengthPenalty), "A length penalty of %s was asked for. It is a number, 0 for none.",
        lengthPenalty);
  }

  /** So many hypotheses, compared by probability. */
  public static Beam of(int width) {
    return new Beam(width, 0);
  }

  /** Another power of the length. */
  public Beam lengthPenalty(double power) {
    return new Beam(width, power);
  }

  /** By what a hypothesis of so many choices is compared. */
  double score(double logProbability, int choices) {
    return logProbability / Math.pow(choices, lengthPenalty);
  }
}
