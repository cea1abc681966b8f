package dev.carousel.decoding;

import static dev.carousel.spi.form.Check.argument;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The best path of tags through rows of emission scores (Viterbi), for a network that was trained with a conditional
 * random field behind it. A path's score is the sum of its emissions, of the transition between each two neighbours, and
 * of what its first tag starts with and its last one ends with. -Infinity forbids.
 */
public final class Crf {
  private final int tags;
  private final double[] transitions; // [from][to]
  private final double[] starts;
  private final double[] ends;

  private Crf(int tags, double[] transitions, double[] starts, double[] ends) {
    this.tags = tags;
    this.transitions = transitions;
    this.starts = starts;
    this.ends = ends;
  }

  /**
   * A head of as many tags as there are starts. The arrays are copied.
   *
   * @param transitions {@code [tags][tags]}: a row holds the scores of going from one tag to each
   * @param starts {@code [tags]}; zeros where a model has none
   * @param ends {@code [tags]}, likewise
   */
  public static Crf of(float[] transitions, float[] starts, float[] ends) {
    int tags = starts.length;
    argument(tags > 0 && ends.length == tags && transitions.length == (long) tags * tags, "%d starts, %d ends and %d"
        + " transitions were given. N tags, at least one, have N, N and N * N.", tags, ends.length, transitions.length);
    return new Crf(tags, checked("transition", transitions), checked("start", starts), checked("end", ends));
  }

  private static double[] checked(String what, float[] scores) {
    double[] checked = new double[scores.length];
    for (int i = 0; i < scores.length; i++) {
      argument(scores[i] < Float.POSITIVE_INFINITY, "The %s score %d is %s: no path can be told from another by it.",
          what, i, scores[i]);
      checked[i] = scores[i];
    }
    return checked;
  }

  /**
   * The best path of each sequence; of a sequence without steps an empty one, with score 0.
   *
   * @param emissions {@code [steps][batch][tags]}, as a time-major predictor gives them
   * @param lengths how many steps of each sequence are valid; null means all
   */
  public List<Tagging> best(float[] emissions, int steps, int batch, int @Nullable [] lengths) {
    Frames frames = new Frames(emissions, steps, batch, tags, lengths);
    return frames.each(sequence -> best(frames, sequence));
  }

  /** From the end to the start, so that of equal paths the first in the order of tags is found. */
  private Tagging best(Frames frames, int sequence) {
    int length = frames.length(sequence);
    if (length == 0) {
      return new Tagging(List.of(), 0);
    }
    int[][] next = new int[length][tags]; // the tag behind each, on the best path that goes on from it
    double[] rest = plus(frames.row(sequence, length - 1), ends);
    for (int step = length - 2; step >= 0; step--) {
      double[] row = frames.row(sequence, step);
      for (int tag = 0; tag < tags; tag++) {
        double[] onward = onward(tag, rest);
        next[step][tag] = Logs.largest(onward);
        row[tag] += onward[next[step][tag]];
      }
      rest = row;
    }
    double[] whole = plus(rest, starts);
    int first = Logs.largest(whole);
    argument(whole[first] > Double.NEGATIVE_INFINITY, "Sequence %d, of %d steps, has no path that is not forbidden.",
        sequence, length);
    return new Tagging(path(next, first), whole[first]);
  }

  private static List<Integer> path(int[][] next, int first) {
    List<Integer> path = new ArrayList<>();
    int tag = first;
    for (int[] behind : next) {
      path.add(tag);
      tag = behind[tag];
    }
    return path;
  }

  private double[] onward(int tag, double[] rest) {
    double[] onward = new double[tags];
    for (int to = 0; to < tags; to++) {
      onward[to] = transitions[tag * tags + to] + rest[to];
    }
    return onward;
  }

  private static double[] plus(double[] a, double[] b) {
    double[] sum = new double[a.length];
    for (int i = 0; i < a.length; i++) {
      sum[i] = a[i] + b[i];
    }
    return sum;
  }
}
