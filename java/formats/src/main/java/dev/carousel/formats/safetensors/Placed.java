package dev.carousel.formats.safetensors;

import dev.carousel.Dense;
import dev.carousel.Embedding;
import dev.carousel.FinalState;
import dev.carousel.Gru;
import dev.carousel.LastStep;
import dev.carousel.Layer;
import dev.carousel.Lstm;
import dev.carousel.Recurrent;
import dev.carousel.Rnn;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A layer and the place of its tensors among PyTorch's.
 *
 * @param from the module's name, empty where the file holds nothing but that module
 * @param index which layer of the module it is, of a module that has several
 */
record Placed(Layer layer, String from, int index) {

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
      default -> {
      }
    }
    return shapes;
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

  /** What a recurrent module of PyTorch does not do that the layer does; empty where there is one that does all. */
  static String beyond(Layer layer) {
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
