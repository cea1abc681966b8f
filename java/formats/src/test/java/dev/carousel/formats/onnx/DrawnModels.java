package dev.carousel.formats.onnx;

import dev.carousel.Dense;
import dev.carousel.Directions;
import dev.carousel.Embedding;
import dev.carousel.FinalState;
import dev.carousel.Gru;
import dev.carousel.Initialisation;
import dev.carousel.LastStep;
import dev.carousel.Layer;
import dev.carousel.Lstm;
import dev.carousel.Network;
import dev.carousel.Recurrent;
import dev.carousel.Rnn;
import dev.carousel.Weights;
import dev.carousel.formats.data.Element;
import dev.carousel.formats.model.Axis;
import dev.carousel.formats.model.Padding;
import dev.carousel.formats.model.Port;
import dev.carousel.formats.model.SavedModel;
import dev.carousel.formats.model.Signature;
import dev.carousel.spi.form.Activation;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/** Networks of all cells, directions and heads, with signatures of all kinds, the same for the same seed. */
record DrawnModels(Random random) {
  private static final List<Activation> ACTIVATIONS = List.of(Activation.RELU, Activation.TANH, Activation.SIGMOID,
      Activation.SOFTSIGN, Activation.SOFTPLUS, Activation.Kind.LEAKY_RELU.of(0.125f),
      Activation.Kind.THRESHOLDED_RELU.of(0.25f), Activation.Kind.ELU.of(0.75f),
      Activation.Kind.AFFINE.of(0.5f, 0.125f), Activation.Kind.SCALED_TANH.of(0.75f, 1.25f),
      Activation.Kind.HARD_SIGMOID.of(0.25f, 0.375f));

  private static final List<Activation> BOUNDED = List.of(Activation.TANH, Activation.SIGMOID, Activation.SOFTSIGN,
      Activation.Kind.SCALED_TANH.of(0.75f, 1.25f), Activation.Kind.HARD_SIGMOID.of(0.25f, 0.375f));

  static SavedModel model(long seed) {
    DrawnModels draw = new DrawnModels(new Random(seed));
    Network network = draw.network();
    return new SavedModel(network, Weights.seeded(network, Initialisation.PYTORCH, seed), draw.signature(network),
        "drawn by seed " + seed);
  }

  private Network network() {
    List<Layer> layers = new ArrayList<>();
    int width = random.nextInt(1, 9);
    if (random.nextInt(4) == 0) {
      layers.add(Embedding.of(random.nextInt(1, 20), width));
    } else if (random.nextInt(6) == 0) {
      layers.add(dense(width));
    }
    width = layers.isEmpty() ? width : layers.getLast().outputs();
    for (int count = random.nextInt(1, 4); count > 0; count--) {
      layers.add(recurrent(width));
      width = layers.getLast().outputs();
    }
    switch (random.nextInt(5)) {
      case 0 -> layers.add(LastStep.of(width));
      case 1 -> layers.add(FinalState.of(width));
      case 2 -> {
        layers.add(dense(width));
        layers.add(LastStep.of(layers.getLast().outputs()));
      }
      default -> {
      }
    }
    for (int count = random.nextInt(3); count > 0; count--) {
      layers.add(dense(layers.getLast().outputs()));
    }
    return Network.of(layers);
  }

  private Layer dense(int width) {
    Dense dense = Dense.of(width, random.nextInt(1, 8)).activation(random.nextBoolean() ? Activation.IDENTITY : any());
    dense = random.nextInt(3) == 0 ? dense.softmax() : dense;
    return random.nextInt(3) == 0 ? dense.withoutBias() : dense;
  }

  private Recurrent recurrent(int inputs) {
    int hidden = random.nextInt(1, 9);
    Directions directions = pick(List.of(Directions.values()));
    boolean other = random.nextInt(3) == 0;
    boolean clipped = random.nextInt(4) == 0;
    boolean unbiased = random.nextInt(4) == 0;
    return switch (random.nextInt(3)) {
      case 0 -> {
        Rnn rnn = Rnn.of(inputs, hidden).directions(directions);
        rnn = other ? rnn.activation(any()).reverseActivation(any()) : rnn;
        rnn = clipped ? rnn.clip(0.4f) : rnn;
        yield unbiased ? rnn.withoutBias() : rnn;
      }
      case 1 -> {
        Gru gru = Gru.of(inputs, hidden).directions(directions);
        gru = other ? gru.activations(gate(), any()).reverseActivations(gate(), any()) : gru;
        gru = clipped ? gru.clip(0.4f) : gru;
        gru = random.nextBoolean() ? gru.resetBefore() : gru;
        yield unbiased ? gru.withoutBias() : gru;
      }
      default -> {
        Lstm lstm = Lstm.of(inputs, hidden).directions(directions);
        lstm = other ? lstm.activations(gate(), any(), any()).reverseActivations(gate(), any(), any()) : lstm;
        lstm = clipped ? lstm.clip(0.4f) : lstm;
        lstm = random.nextInt(3) == 0 ? lstm.peephole() : lstm;
        lstm = random.nextInt(3) == 0 ? lstm.coupled() : lstm;
        lstm = random.nextInt(4) == 0 ? lstm.projection(random.nextInt(1, 5)) : lstm;
        yield unbiased ? lstm.withoutBias() : lstm;
      }
    };
  }

  private Activation any() {
    return pick(ACTIVATIONS);
  }

  /** Of a gate without bounds, states grow beyond what the tolerance is for. */
  private Activation gate() {
    return pick(BOUNDED);
  }

  private <T> T pick(List<T> from) {
    return from.get(random.nextInt(from.size()));
  }

  private Signature signature(Network network) {
    List<Port> inputs = new ArrayList<>();
    List<Port> outputs = new ArrayList<>();
    boolean indices = network.takesIndices();
    Element element = random.nextInt(4) == 0 ? (indices ? Element.F32 : Element.F64)
        : indices ? (random.nextBoolean() ? Element.I32 : Element.I64) : Element.F32;
    inputs.add(new Port("x", Port.Content.ROWS, List.of(), element, axes(true, indices ? 1 : network.input().width())));
    outputs.add(new Port("y", Port.Content.RESULTS, List.of(), random.nextInt(5) == 0 ? Element.F64 : Element.F32,
        axes(network.returnsSequence(), network.output().width())));
    boolean lengths = random.nextBoolean();
    if (lengths) {
      inputs.add(new Port("lengths", Port.Content.LENGTHS, List.of(), random.nextBoolean() ? Element.I32 : Element.I64,
          List.of(Axis.BATCH)));
    }
    if (random.nextBoolean()) {
      outputs.add(new Port("again", Port.Content.RESULTS, List.of(), Element.F32,
          axes(network.returnsSequence(), network.output().width())));
    }
    if (random.nextInt(3) == 0) {
      allStates(network, inputs, outputs);
    } else if (random.nextBoolean()) {
      states(network, inputs, outputs);
    }
    if (random.nextInt(6) == 0) {
      Axis missing = random.nextBoolean() ? Axis.BATCH : Axis.STEPS;
      inputs.replaceAll(port -> without(port, missing));
      outputs.replaceAll(port -> without(port, missing));
    }
    Collections.shuffle(inputs, random);
    return new Signature(inputs, outputs, random.nextBoolean() ? Padding.ZERO : Padding.ZERO_BEFORE_DENSE,
        Optional.empty());
  }

  /** Hidden and cell states, in ports that stack a state of each layer, or have a layer's all side by side. */
  private void states(Network network, List<Port> inputs, List<Port> outputs) {
    for (int i = 0; i < network.layers().size(); i++) {
      if (network.layers().get(i) instanceof Recurrent layer) {
        boolean projected = layer instanceof Lstm lstm && lstm.projection() > 0;
        state(i, layer, "hidden", layer.width(), projected ? new ArrayList<>() : inputs, outputs);
        if (layer instanceof Lstm) {
          state(i, layer, "cell", layer.hidden(), inputs, outputs);
        }
      }
    }
  }

  /** One port for the states of all layers, in any order; none of projected layers, whose hidden ones are no input. */
  private void allStates(Network network, List<Port> inputs, List<Port> outputs) {
    List<String> names = new ArrayList<>();
    int columns = 0;
    for (int i = 0; i < network.layers().size(); i++) {
      if (network.layers().get(i) instanceof Recurrent layer
          && !(layer instanceof Lstm lstm && lstm.projection() > 0)) {
        for (String direction : WrittenGates.directions(layer)) {
          names.add(i + "." + direction + ".hidden");
          columns += layer.hidden();
          if (layer instanceof Lstm) {
            names.add(i + "." + direction + ".cell");
            columns += layer.hidden();
          }
        }
      }
    }
    if (!names.isEmpty()) {
      Collections.shuffle(names, random);
      inputs
          .add(new Port("given", Port.Content.STATES, names, Element.F32, List.of(Axis.BATCH, Axis.columns(columns))));
      Collections.shuffle(names, random);
      outputs
          .add(new Port("final", Port.Content.STATES, names, Element.F64, List.of(Axis.columns(columns), Axis.BATCH)));
    }
  }

  private static Port without(Port port, Axis missing) {
    List<Axis> axes = port.axes().stream()
        .filter(axis -> !axis.equals(missing) && !(missing.equals(Axis.STEPS) && axis.equals(Axis.REVERSED_STEPS)))
        .toList();
    return new Port(port.name(), port.content(), port.parts(), port.element(), axes);
  }

  private void state(int index, Recurrent layer, String kind, int width, List<Port> inputs, List<Port> outputs) {
    List<String> names = WrittenGates.directions(layer).stream().map(direction -> index + "." + direction + "." + kind)
        .toList();
    List<Axis> stacked = List.of(Axis.columns(names.size(), width), Axis.BATCH, Axis.columns(width));
    List<Axis> side = List.of(Axis.BATCH, Axis.columns(names.size() * width));
    if (random.nextInt(3) > 0) {
      inputs.add(new Port("given_" + kind + index, Port.Content.STATES, names, Element.F32,
          random.nextBoolean() ? stacked : side));
    }
    if (random.nextInt(3) > 0) {
      outputs.add(new Port("final_" + kind + index, Port.Content.STATES, names, Element.F32,
          random.nextBoolean() ? stacked : side));
    }
  }

  /** The dimensions in any order, the columns whole or in two groups; steps forwards or backwards. */
  private List<Axis> axes(boolean steps, int columns) {
    List<Axis> axes = new ArrayList<>(List.of(Axis.BATCH));
    if (steps) {
      axes.addFirst(random.nextInt(8) == 0 ? Axis.REVERSED_STEPS : Axis.STEPS);
    }
    if (columns % 2 == 0 && random.nextInt(3) == 0) {
      axes.add(Axis.columns(2, columns / 2));
      axes.add(Axis.columns(columns / 2));
    } else if (columns > 1 || random.nextBoolean()) {
      axes.add(Axis.columns(columns));
    }
    if (random.nextBoolean()) {
      Collections.shuffle(axes, random);
    }
    return axes;
  }
}
