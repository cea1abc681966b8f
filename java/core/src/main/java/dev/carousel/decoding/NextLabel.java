package dev.carousel.decoding;

import static dev.carousel.spi.form.Check.argument;

import dev.carousel.Dense;
import dev.carousel.Embedding;
import dev.carousel.Network;
import dev.carousel.Predictor;
import dev.carousel.Softmax;
import java.util.Arrays;

/** A predictor as what tells, for each row, the probabilities of the next label from the one before. */
final class NextLabel {
  private final Predictor predictor;
  private final Scores scores;
  private final int vocabulary;
  private final int labels;

  NextLabel(Predictor predictor, Scores scores) {
    Network network = predictor.network();
    argument(network.takesIndices(), "Labels were to be written by a network that takes rows of floats, and what it"
        + " writes is what it reads. Give it an Embedding first.");
    argument(network.streams(), "Labels were to be written by a network with a layer that reads sequences from their"
        + " ends, and the end is not there yet. Use one that reads forwards.");
    argument(scores == Scores.PROBABILITIES || !probabilities(network), "The scores of a network whose head is a"
        + " softmax are said to be %s. Say PROBABILITIES.", scores);
    this.predictor = predictor;
    this.scores = scores;
    labels = network.output().width();
    vocabulary = network.layers().stream().filter(Embedding.class::isInstance).map(Embedding.class::cast)
        .mapToInt(Embedding::vocabulary).min().orElseThrow(); // something reads the indices
    argument(labels <= vocabulary, "The network scores %d labels, and its Embedding knows %d: it could not read all"
        + " that it writes.", labels, vocabulary);
  }

  private static boolean probabilities(Network network) {
    String output = network.outputs().getFirst().from();
    return network.nodes().stream().filter(node -> node.name().equals(output)).map(Network.Node::layer)
        .anyMatch(layer -> (layer instanceof Dense head && head.probabilities())
            || (layer instanceof Softmax softmax && !softmax.log()));
  }

  /** How many labels there are to choose from. */
  int labels() {
    return labels;
  }

  /** How many rows there are. */
  int rows() {
    return predictor.maxBatch();
  }

  /** Reads a prompt into each row but for its last label, and returns that of each. */
  int[] read(int[]... prompts) {
    argument(prompts.length > 0 && prompts.length <= rows(), "%d prompts were given, and the predictor takes 1 to %d"
        + " sequences. Make one for more.", prompts.length, rows());
    for (int i = 0; i < prompts.length; i++) {
      check(i, prompts[i]);
    }
    int longest = Arrays.stream(prompts).mapToInt(prompt -> prompt.length).max().orElse(0);
    for (int place = 0; place < longest - 1; place++) {
      int[] given = new int[prompts.length];
      int[] lengths = new int[prompts.length];
      for (int row = 0; row < prompts.length; row++) {
        lengths[row] = place < prompts[row].length - 1 ? 1 : 0;
        given[row] = lengths[row] == 0 ? 0 : prompts[row][place];
      }
      run(given, lengths);
    }
    return Arrays.stream(prompts).mapToInt(prompt -> prompt[prompt.length - 1]).toArray();
  }

  private void check(int number, int[] prompt) {
    argument(prompt.length > 0, "Prompt %d is empty, and the network has to read a label before it writes one. Give it"
        + " its start label.", number);
    for (int i = 0; i < prompt.length; i++) {
      argument(prompt[i] >= 0 && prompt[i] < vocabulary,
          "Prompt %d has label %d at place %d. The network knows 0 to %d.",
          number, prompt[i], i, vocabulary - 1);
    }
  }

  /** The log-probabilities of what follows a label in each row whose length is 1; the others rest. */
  double[][] after(int[] given, int[] lengths, int step) {
    float[] values = run(given, lengths);
    double[][] logs = new double[given.length][];
    for (int row = 0; row < given.length; row++) {
      logs[row] = lengths[row] == 0 ? new double[0]
          : scores.logs(Frames.row(values, row * labels, labels, row, step), row, step);
    }
    return logs;
  }

  private float[] run(int[] given, int[] lengths) {
    float[] values = new float[Math.multiplyExact(given.length, labels)];
    predictor.advance(given, 1, given.length, lengths, values);
    return values;
  }

  /** Gives each of the first rows the state that another had. */
  void move(int[] from) {
    float[][] saved = new float[from.length][];
    for (int row = 0; row < from.length; row++) {
      saved[row] = from[row] == row ? new float[0] : predictor.states().save(from[row]);
    }
    for (int row = 0; row < from.length; row++) {
      if (from[row] != row) {
        predictor.states().restore(row, saved[row]);
      }
    }
  }
}
