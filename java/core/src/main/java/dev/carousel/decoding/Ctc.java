package dev.carousel.decoding;

import static dev.carousel.spi.form.Check.argument;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The reading of labels from rows with a blank among them (connectionist temporal classification). Each step has a
 * label or the blank; a label that is repeated counts once unless a blank stands between, and blanks are left out.
 *
 * <p>Scores are {@code [steps][batch][labels]}, as a time-major predictor gives them. Lengths, one a sequence, say how
 * many steps are valid; null means all. A sequence without steps has no labels, with probability 1.
 *
 * @param labels the width of a row, the blank among them
 */
public record Ctc(int labels, int blank, Scores scores) {
  public Ctc {
    argument(labels > 0 && blank >= 0 && blank < labels,
        "Label %d is to be the blank, and there are %d labels. Name one"
            + " of 0 to %d.",
        blank, labels, labels - 1);
  }

  /** For each sequence what its most probable alignment reads: the best label of each step by itself. */
  public List<Alignment> greedy(float[] values, int steps, int batch, int @Nullable [] lengths) {
    Frames frames = new Frames(values, steps, batch, labels, lengths);
    return frames.each(sequence -> greedy(frames, sequence));
  }

  private Alignment greedy(Frames frames, int sequence) {
    List<Integer> read = new ArrayList<>();
    List<Integer> starts = new ArrayList<>();
    double logProbability = 0;
    int before = blank;
    for (int step = 0; step < frames.length(sequence); step++) {
      double[] row = logs(frames, sequence, step);
      int label = Logs.largest(row);
      logProbability += row[label];
      if (label != blank && label != before) {
        read.add(label);
        starts.add(step);
      }
      before = label;
    }
    return new Alignment(read, starts, logProbability);
  }

  /**
   * For each sequence its most probable transcripts, the best first. All alignments of a transcript are summed, as far
   * as they pass through the {@code width} most probable beginnings at every step: a wider search takes longer, and
   * comes nearer to the true sums.
   */
  public List<List<Transcript>> beam(float[] values, int steps, int batch, int @Nullable [] lengths, int width) {
    argument(width > 0, "A search of width %d was asked for. It keeps at least 1.", width);
    Frames frames = new Frames(values, steps, batch, labels, lengths);
    return frames.each(sequence -> {
      CtcBeam beam = new CtcBeam(blank, width);
      for (int step = 0; step < frames.length(sequence); step++) {
        beam.step(logs(frames, sequence, step));
      }
      return beam.transcripts();
    });
  }

  private double[] logs(Frames frames, int sequence, int step) {
    return scores.logs(frames.row(sequence, step), sequence, step);
  }
}
