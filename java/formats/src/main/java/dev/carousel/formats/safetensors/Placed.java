package dev.carousel.formats.safetensors;

import dev.carousel.Columns;
import dev.carousel.Concat;
import dev.carousel.Conv;
import dev.carousel.Dense;
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
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A layer and the place of its tensors among PyTorch's.
 *
 * @param from the module's name, empty where the file holds nothing but that module
 * @param index which layer of the module it is, of a module that has several
 * @param epsilon of a scale, which is a batch normalisation there, what that adds to the variance
 */
record Placed(Layer layer, String from, int index, float epsilon) {
  static final float USUAL_EPSILON = 1e-5f; // PyTorch's

  Placed(Layer layer, String from, int index) {
    this(layer, from, index, USUAL_EPSILON);
  }

  /** PyTorch's names of the layer's tensors, with their shapes. */
  Map<String, List<Long>> shapes() {
    Map<String, List<Long>> shapes = new LinkedHashMap<>();
    switch (layer) {
      case Embedding table -> shapes.put(named("weight"), shape(table.vocabulary(), table.outputs()));
      case Dense dense -> {
        shapes.put(named("weight"), shape(dense.outputs(), dense.inputs()));
        if (dense.bias()) {
          shapes.put(named("bias"), shape(dense.outputs()));
        }
      }
      case Recurrent recurrent -> {
        shapes(recurrent, "", shapes);
        if (recurrent.directions().bidirectional()) {
          shapes(recurrent, "_reverse", shapes);
        }
      }
      case Conv conv -> {
        shapes.put(named("weight"), shape(conv.outputs(), conv.inputs() / conv.groups(), conv.window().width()));
        if (conv.bias()) {
          shapes.put(named("bias"), shape(conv.outputs()));
        }
      }
      case LayerNorm norm -> affine(norm.inputs(), norm.scales(), norm.shifts(), shapes);
      case Scale scale -> {
        affine(scale.inputs(), scale.scales(), scale.shifts(), shapes);
        shapes.put(named("running_mean"), shape(scale.inputs()));
        shapes.put(named("running_var"), shape(scale.inputs()));
      }
      case Elementwise _,Softmax _,Merge _,Concat _,Columns _,LastStep _,FinalState _,Pool _,WindowPool _,SoftmaxSteps _,WeightedSum _,Repeat _,Flatten _,Noise _ ->
        {
        }
    }
    return shapes;
  }

  /**
   * PyTorch's names of tensors that need not be there: a batch normalisation may have been told to have no weights, and
   * counts its batches.
   */
  Map<String, List<Long>> optional() {
    Map<String, List<Long>> optional = new LinkedHashMap<>();
    if (layer instanceof Scale scale) {
      affine(scale.inputs(), scale.scales(), scale.shifts(), optional);
      optional.put(named("num_batches_tracked"), List.of());
    }
    return optional;
  }

  private void affine(int width, boolean scales, boolean shifts, Map<String, List<Long>> shapes) {
    if (scales) {
      shapes.put(named("weight"), shape(width));
    }
    if (shifts) {
      shapes.put(named("bias"), shape(width));
    }
  }

  private void shapes(Recurrent layer, String direction, Map<String, List<Long>> shapes) {
    int rows = layer.gates() * layer.hidden();
    shapes.put(named("weight_ih", direction), shape(rows, layer.inputs()));
    shapes.put(named("weight_hh", direction), shape(rows, layer.width()));
    if (layer.bias()) {
      shapes.put(named("bias_ih", direction), shape(rows));
      shapes.put(named("bias_hh", direction), shape(rows));
    }
    if (layer instanceof Lstm lstm && lstm.projection() > 0) {
      shapes.put(named("weight_hr", direction), shape(lstm.projection(), lstm.hidden()));
    }
  }

  private static List<Long> shape(long... sizes) {
    return Arrays.stream(sizes).boxed().toList();
  }

  /** A tensor of the module. */
  String named(String tensor) {
    return from.isEmpty() ? tensor : from + "." + tensor;
  }

  /** A tensor of one of a recurrent module's layers, whose direction is empty or {@code _reverse}. */
  String named(String tensor, String direction) {
    return named(tensor + "_l" + index + direction);
  }

  /** What a module of PyTorch does not do that the layer does; empty where there is one that does all. */
  static String beyond(Layer layer) {
    if (layer instanceof Scale scale) {
      return scale.scales() && scale.shifts() ? "" : "no " + (scale.scales() ? "shift" : "scale");
    }
    if (!(layer instanceof Recurrent recurrent)) {
      return "";
    }
    boolean both = recurrent.directions().bidirectional();
    String cell = switch (recurrent) {
      case Rnn rnn -> rnn(rnn, both);
      case Lstm lstm -> lstm(lstm, both);
      case Gru gru -> gru(gru, both);
    };
    return switch (recurrent.directions()) {
      case FORWARD, CONCAT -> cell;
      case REVERSE -> "the reverse direction alone";
      case SUM, AVERAGE, MULTIPLY -> "two directions that are not side by side";
    };
  }

  private static String rnn(Rnn rnn, boolean both) {
    boolean known = switch (rnn.activation().kind()) {
      case TANH, RELU -> !both || rnn.activation().equals(rnn.reverseActivation());
      default -> false;
    };
    return known ? clip(rnn.clip())
        : "the activation " + rnn.activation() + (both ? ", " + rnn.reverseActivation()
            : "");
  }

  private static String lstm(Lstm lstm, boolean both) {
    if (lstm.peepholes()) {
      return "peepholes";
    }
    if (lstm.coupledGates()) {
      return "coupled gates";
    }
    boolean usual = lstm.activations().equals(Lstm.Activations.USUAL)
        && (!both || lstm.reverseActivations().equals(Lstm.Activations.USUAL));
    return usual ? clip(lstm.clip()) : "activations other than sigmoid and tanh";
  }

  private static String gru(Gru gru, boolean both) {
    if (!gru.resetAfter()) {
      return "a reset before the product";
    }
    boolean usual = gru.activations().equals(Gru.Activations.USUAL)
        && (!both || gru.reverseActivations().equals(Gru.Activations.USUAL));
    return usual ? clip(gru.clip()) : "activations other than sigmoid and tanh";
  }

  private static String clip(float clip) {
    return Float.isInfinite(clip) ? "" : "a clip of " + clip;
  }
}
