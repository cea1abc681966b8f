package dev.carousel.cli.model;

import dev.carousel.Columns;
import dev.carousel.Concat;
import dev.carousel.Conv;
import dev.carousel.Dense;
import dev.carousel.Directions;
import dev.carousel.Elementwise;
import dev.carousel.Embedding;
import dev.carousel.FinalState;
import dev.carousel.Flatten;
import dev.carousel.Gru;
import dev.carousel.LastStep;
import dev.carousel.Layer;
import dev.carousel.LayerNorm;
import dev.carousel.Lstm;
import dev.carousel.Merge;
import dev.carousel.Noise;
import dev.carousel.Pool;
import dev.carousel.Recurrent;
import dev.carousel.Repeat;
import dev.carousel.Rnn;
import dev.carousel.Scale;
import dev.carousel.Softmax;
import dev.carousel.SoftmaxSteps;
import dev.carousel.WeightedSum;
import dev.carousel.WindowPool;
import dev.carousel.spi.form.Activation;
import dev.carousel.spi.form.CellUpdate;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * A layer in words.
 *
 * @param options what is not as it usually is
 * @param parameters how many numbers its tensors hold
 */
record LayerFacts(String type, int inputs, int outputs, Optional<String> directions, List<String> options,
    long parameters) {

  static LayerFacts of(Layer layer) {
    Optional<String> directions = layer instanceof Recurrent cell
        ? Optional.of(cell.directions().name().toLowerCase(Locale.ROOT))
        : Optional.empty();
    long parameters = layer.tensors().stream().mapToLong(shape -> (long) shape.rows() * shape.columns()).sum();
    return new LayerFacts(layer.getClass().getSimpleName(), layer.inputs(), layer.outputs(), directions,
        options(layer), parameters);
  }

  private static List<String> options(Layer layer) {
    List<String> options = new ArrayList<>();
    switch (layer) {
      case Rnn rnn -> {
        options.add(rnn.hidden() + " units");
        activations(options, rnn.directions(), "tanh", rnn.activation().toString(),
            rnn.reverseActivation().toString());
        common(options, rnn.clip(), rnn.bias());
      }
      case Gru gru -> {
        options.add(gru.hidden() + " units");
        options.add(gru.resetAfter() ? "reset after" : "reset before");
        activations(options, gru.directions(), words(Gru.Activations.USUAL), words(gru.activations()),
            words(gru.reverseActivations()));
        common(options, gru.clip(), gru.bias());
      }
      case Lstm lstm -> {
        options.add(lstm.hidden() + " units");
        add(options, lstm.projection() > 0, "projected to " + lstm.projection());
        add(options, lstm.peepholes(), "peepholes");
        add(options, lstm.coupledGates(), "coupled gates");
        activations(options, lstm.directions(), words(Lstm.Activations.USUAL), words(lstm.activations()),
            words(lstm.reverseActivations()));
        common(options, lstm.clip(), lstm.bias());
      }
      case Dense dense -> {
        add(options, !dense.activation().equals(Activation.IDENTITY), dense.activation().toString());
        add(options, dense.probabilities(), "softmax");
        add(options, !dense.bias(), "no bias");
      }
      case Embedding embedding -> options.add("table of " + embedding.vocabulary());
      case Conv conv -> {
        options.add("window " + conv.window());
        add(options, conv.groups() > 1, conv.groups() + " groups");
        add(options, !conv.activation().equals(Activation.IDENTITY), conv.activation().toString());
        add(options, !conv.bias(), "no bias");
      }
      case Elementwise elementwise -> options.add(elementwise.activation().toString());
      case Softmax softmax -> add(options, softmax.log(), "logarithm");
      case Scale scale -> affine(options, scale.scales(), scale.shifts());
      case LayerNorm norm -> {
        options.add("epsilon " + norm.epsilon());
        affine(options, norm.scales(), norm.shifts());
      }
      case Merge merge -> options.add(lower(merge.rule()));
      case Concat concat -> options.add("widths " + concat.widths());
      case Columns columns -> options.add("from column " + columns.first());
      case FinalState state -> add(options, state.cell(), "cell");
      case Pool pool -> options.add(lower(pool.rule()));
      case WindowPool pool -> {
        options.add(lower(pool.rule()));
        options.add("window " + pool.window());
        add(options, pool.padded(), "counts padding");
      }
      case WeightedSum sum -> add(options, sum.heads() > 1, sum.heads() + " heads");
      case Repeat repeat -> add(options, repeat.steps() > 0, repeat.steps() + " steps");
      case Flatten flatten -> options.add(flatten.steps() + " steps");
      case Noise noise -> options.add(lower(noise.kind()) + " " + noise.amount() + ", only in training");
      case LastStep _,SoftmaxSteps _ -> {
      }
    }
    return List.copyOf(options);
  }

  private static void affine(List<String> options, boolean scales, boolean shifts) {
    add(options, !scales, "no scale");
    add(options, !shifts, "no shift");
  }

  private static String lower(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }

  private static String words(Lstm.Activations activations) {
    return activations.gate() + "/" + activations.candidate() + "/" + activations.output();
  }

  private static String words(Gru.Activations activations) {
    return activations.gate() + "/" + activations.candidate();
  }

  /** Those of the directions that there are, where they are not the usual ones. */
  private static void activations(List<String> options, Directions directions, String usual, String forward,
      String reverse) {
    boolean reads = directions != Directions.REVERSE;
    boolean reverses = directions != Directions.FORWARD;
    if (reads && reverses && forward.equals(reverse)) {
      add(options, !forward.equals(usual), forward);
    } else {
      add(options, reads && !forward.equals(usual), forward);
      add(options, reverses && !reverse.equals(usual), "reverse " + reverse);
    }
  }

  private static void common(List<String> options, float clip, boolean bias) {
    add(options, clip != CellUpdate.NO_CLIP, "clip " + clip);
    add(options, !bias, "no bias");
  }

  private static void add(List<String> options, boolean holds, String option) {
    if (holds) {
      options.add(option);
    }
  }
}
