package dev.carousel.decoding;

import static dev.carousel.spi.form.Check.argument;

/** What the numbers in a row of scores are. */
public enum Scores {
  /** Probabilities that sum to 1, as a softmax leaves them. */
  PROBABILITIES,
  /** Natural logarithms of probabilities that sum to 1. */
  LOG_PROBABILITIES,
  /** Any numbers, of which a softmax would make probabilities: what a linear head gives. */
  LOGITS;

  /** How far the sum of probabilities may be from 1. Rounding, of halves too, stays within; logits hardly ever do. */
  private static final double SLACK = 0.01;

  /** The logarithms of the probabilities that a row stands for, brought to a sum of 1. */
  double[] logs(double[] row, int sequence, int step) {
    double[] logs = row.clone();
    if (this == PROBABILITIES) {
      for (int i = 0; i < row.length; i++) {
        argument(row[i] >= 0, "Row %d has %s at step %d, label %d, which is no probability. Say what the scores are:"
            + " LOGITS, LOG_PROBABILITIES.", sequence, row[i], step, i);
        logs[i] = Math.log(row[i]);
      }
    }
    double sum = Logs.sum(logs);
    argument(sum > Double.NEGATIVE_INFINITY, "Row %d has no label at step %d that is possible: all have the"
        + " probability 0.", sequence, step);
    argument(this == LOGITS || Math.abs(sum) < SLACK, "Row %d has scores at step %d that are said to be %s, and the"
        + " probabilities sum to %s. Say LOGITS if that is what they are.", sequence, step, this, Math.exp(sum));
    for (int i = 0; i < logs.length; i++) {
      logs[i] -= sum;
    }
    return logs;
  }
}
