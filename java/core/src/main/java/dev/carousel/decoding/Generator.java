package dev.carousel.decoding;

import static dev.carousel.spi.form.Check.argument;

import dev.carousel.Predictor;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToIntFunction;
import java.util.random.RandomGenerator;

/**
 * Writes on where a prompt ends, a label at a time, with a network that looks up the label before and scores the next
 * one. It belongs to the thread of its predictor.
 *
 * <p>Prompts are read from the states that the predictor has, as {@link Predictor#advance} does: reset them for a new
 * text, write them for one that begins with what another network found. Afterwards they are where the writing came to.
 */
public final class Generator {
  private final NextLabel network;
  private final Stop stop;

  private Generator(NextLabel network, Stop stop) {
    this.network = network;
    this.stop = stop;
  }

  /**
   * For a network that begins with an embedding, streams, and scores no more labels than it looks up.
   *
   * @param scores what the network's outputs are
   */
  public static Generator of(Predictor predictor, Scores scores, Stop stop) {
    NextLabel network = new NextLabel(predictor, scores);
    argument(stop.end().orElse(0) < network.labels(),
        "Label %d is to be the end, and the network scores %d. Name one of"
            + " them, or none by Stop.after.",
        stop.end().orElse(0), network.labels());
    return new Generator(network, stop);
  }

  /** The most probable label at each step, for each prompt: a row of the batch each. */
  public List<Hypothesis> greedy(int[]... prompts) {
    return write(Logs::largest, prompts);
  }

  /** Labels drawn at each step, for each prompt: a row of the batch each. A label takes one number of the generator. */
  public List<Hypothesis> sample(Sampling sampling, RandomGenerator random, int[]... prompts) {
    return write(logs -> sampling.draw(logs, random), prompts);
  }

  /**
   * The best hypotheses that a search finds, the best first; fewer than its width where there are no more. The prompt is
   * read from the state of row 0; hypotheses take the first rows of the batch, and leave any state there.
   */
  public List<Hypothesis> beam(Beam beam, int[] prompt) {
    argument(beam.width() <= network.rows(), "A search of width %d was asked for, and the predictor takes %d sequences."
        + " Make it narrower, or the predictor wider.", beam.width(), network.rows());
    return new BeamSearch(network, stop, beam).run(prompt);
  }

  private List<Hypothesis> write(ToIntFunction<double[]> choice, int[][] prompts) {
    List<Growth> rows = new ArrayList<>();
    for (int last : network.read(prompts)) {
      rows.add(Growth.behind(last));
    }
    for (int step = 0; step < stop.limit() && !rows.stream().allMatch(Growth::ended); step++) {
      int[] labels = rows.stream().mapToInt(row -> row.choices().label()).toArray();
      int[] lengths = rows.stream().mapToInt(row -> row.ended() ? 0 : 1).toArray();
      double[][] logs = network.after(labels, lengths, step);
      for (int row = 0; row < logs.length; row++) {
        if (lengths[row] > 0) {
          int label = choice.applyAsInt(logs[row]);
          rows.set(row, rows.get(row).plus(label, logs[row][label], stop));
        }
      }
    }
    return rows.stream().map(Growth::hypothesis).toList();
  }
}
