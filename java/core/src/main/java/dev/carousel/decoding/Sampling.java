package dev.carousel.decoding;

import static dev.carousel.spi.form.Check.argument;

import java.util.Comparator;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/**
 * How a label is drawn.
 *
 * @param temperature what logarithms of probabilities are divided by: 1 leaves them, less makes the likely likelier; with
 *        ever less the best label remains
 * @param top from how many of the most probable labels; from all where there are no more
 */
public record Sampling(double temperature, int top) {
  public Sampling {
    argument(temperature > 0 && temperature < Double.POSITIVE_INFINITY, "A temperature of %s was asked for. It is above"
        + " 0 and finite; for the best label alone there is greedy.", temperature);
    argument(top > 0, "One of the %d most probable labels was to be drawn. Draw from at least one.", top);
  }

  /** From all labels, by a temperature. */
  public static Sampling of(double temperature) {
    return new Sampling(temperature, Integer.MAX_VALUE);
  }

  /** From so many of the most probable labels. */
  public Sampling top(int labels) {
    return new Sampling(temperature, labels);
  }

  /** Draws one number, and takes the label in whose share of the sum it falls. */
  int draw(double[] logs, RandomGenerator random) {
    int[] labels = candidates(logs);
    double[] shares = new double[labels.length]; // up to and with each
    double largest = logs[Logs.largest(logs)];
    double sum = 0;
    for (int i = 0; i < labels.length; i++) {
      sum += Math.exp((logs[labels[i]] - largest) / temperature);
      shares[i] = sum;
    }
    double drawn = random.nextDouble() * sum;
    int at = 0;
    while (shares[at] <= drawn) {
      at++;
    }
    return labels[at];
  }

  /** The labels to draw from, in their own order. */
  private int[] candidates(double[] logs) {
    if (top >= logs.length) {
      return IntStream.range(0, logs.length).toArray();
    }
    Best<Integer> best = new Best<>(top, label -> logs[label], Comparator.<Integer>naturalOrder());
    for (int label = 0; label < logs.length; label++) {
      if (!best.hopeless(logs[label])) {
        best.offer(label);
      }
    }
    return best.ranked().stream().mapToInt(Integer::intValue).sorted().toArray();
  }
}
