package dev.carousel.decoding;

import dev.carousel.Dense;
import dev.carousel.Devices;
import dev.carousel.Embedding;
import dev.carousel.Initialisation;
import dev.carousel.Lstm;
import dev.carousel.Model;
import dev.carousel.Network;
import dev.carousel.Predictor;
import dev.carousel.Tensor;
import dev.carousel.Weights;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** A small network that scores labels, and what it says of whole sequences: nothing is carried from call to call. */
final class WrittenSequences implements AutoCloseable {
  private static final int LONGEST = 32;

  private final int labels;
  private final Network network;
  private final Weights weights;
  private final Model model;

  WrittenSequences(int labels, long seed) {
    this.labels = labels;
    network = Network.of(Embedding.of(labels, 3), Lstm.of(3, 6), Dense.of(6, labels));
    Weights drawn = Weights.seeded(network, Initialisation.PYTORCH, seed);
    float[] head = new float[labels * 6]; // large enough to tell labels apart
    for (int i = 0; i < head.length; i++) {
      head[i] = 12 * drawn.tensor("2.weight").get(i / 6, i % 6);
    }
    weights = drawn.with("2.weight", Tensor.of(labels, 6, head));
    model = Model.compile(network, weights, Devices.byId("reference"));
  }

  private WrittenSequences(WrittenSequences other, Weights weights) {
    labels = other.labels;
    network = other.network;
    this.weights = weights;
    model = Model.compile(network, weights, Devices.byId("reference"));
  }

  /** The same with a score that a label has always. */
  WrittenSequences withScore(int label, float score) {
    float[] bias = new float[labels];
    bias[label] = score;
    return new WrittenSequences(this, weights.with("2.bias", Tensor.of(1, labels, bias)));
  }

  Predictor newPredictor(int rows) {
    return model.newPredictor(2, rows);
  }

  /** The log-probabilities of each label behind a sequence. */
  double[] next(int[] sequence) {
    try (Predictor whole = model.newPredictor(LONGEST, 1)) {
      float[] all = whole.predict(sequence, sequence.length, 1);
      double[] logits = IntStream.range(all.length - labels, all.length).mapToDouble(i -> all[i]).toArray();
      double sum = Math.log(Arrays.stream(logits).map(Math::exp).sum());
      return Arrays.stream(logits).map(logit -> logit - sum).toArray();
    }
  }

  Hypothesis greedy(int[] prompt, Stop stop) {
    Hypothesis written = new Hypothesis(List.of(), 0, false);
    for (int i = 0; i < stop.limit() && !written.ended(); i++) {
      double[] next = next(behind(prompt, written.labels()));
      int label = IntStream.range(0, labels).boxed().max(Comparator.comparingDouble(each -> next[each])).orElseThrow();
      written = plus(written, label, next[label], stop.end().orElse(-1));
    }
    return written;
  }

  double logProbability(int[] prompt, Hypothesis hypothesis, int end) {
    double sum = hypothesis.ended() ? next(behind(prompt, hypothesis.labels()))[end] : 0;
    for (int i = 0; i < hypothesis.labels().size(); i++) {
      sum += next(behind(prompt, hypothesis.labels().subList(0, i)))[hypothesis.labels().get(i)];
    }
    return sum;
  }

  /** Every sequence that can be written, the best first. */
  List<Hypothesis> every(int[] prompt, int end, int limit, Beam beam) {
    return from(prompt, new Hypothesis(List.of(), 0, false), end, limit).sorted(Comparator.comparingDouble(
        each -> -each.logProbability() / Math.pow(each.labels().size() + (each.ended() ? 1 : 0), beam.lengthPenalty())))
        .toList();
  }

  private Stream<Hypothesis> from(int[] prompt, Hypothesis written, int end, int limit) {
    if (written.ended() || written.labels().size() == limit) {
      return Stream.of(written);
    }
    double[] next = next(behind(prompt, written.labels()));
    return IntStream.range(0, labels).boxed()
        .flatMap(label -> from(prompt, plus(written, label, next[label], end), end, limit));
  }

  private static Hypothesis plus(Hypothesis written, int label, double log, int end) {
    List<Integer> longer = new ArrayList<>(written.labels());
    if (label != end) {
      longer.add(label);
    }
    return new Hypothesis(longer, written.logProbability() + log, label == end);
  }

  private static int[] behind(int[] prompt, List<Integer> written) {
    return IntStream.concat(Arrays.stream(prompt), written.stream().mapToInt(Integer::intValue)).toArray();
  }

  @Override
  public void close() {
    model.close();
  }
}
