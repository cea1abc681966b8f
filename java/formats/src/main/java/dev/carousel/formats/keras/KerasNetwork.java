package dev.carousel.formats.keras;

import dev.carousel.Embedding;
import dev.carousel.Noise;
import dev.carousel.Tensor;
import dev.carousel.formats.data.FormatException;
import dev.carousel.formats.data.Matrices;
import dev.carousel.formats.keras.LayerWeights.Part;
import dev.carousel.formats.keras.Signal.Form;
import dev.carousel.formats.keras.Signal.Tail;
import dev.carousel.formats.model.SavedModel;
import dev.carousel.spi.form.AcrossSteps.Pool;
import dev.carousel.spi.form.Mapping.Combine.Rule;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/** The way from a configuration and its weights to a network: layer by layer, each behind those that it reads. */
final class KerasNetwork {
  private final KerasGraph graph;
  private final KerasConfig config;
  private final LayerWeights source;
  private final KerasVersion version;
  private final String within; // what stands before the names of a model's layers that is a layer itself
  private final Map<Reference, List<Signal>> done = new HashMap<>(); // by call, as its output number 0
  private final Map<String, LayerWeights> sources = new HashMap<>(); // of models that are layers, by name
  private final Set<Reference> begun = new HashSet<>();

  private KerasNetwork(KerasGraph graph, KerasConfig config, LayerWeights source, KerasVersion version, String within) {
    this.graph = graph;
    this.config = config;
    this.source = source;
    this.version = version;
    this.within = within;
  }

  /** The model of a configuration with its weights. */
  static SavedModel of(KerasConfig config, LayerWeights source, KerasVersion version, String origin)
      throws FormatException {
    KerasGraph graph = new KerasGraph();
    KerasInputs inputs = KerasInputs.of(config, source, version, graph);
    List<Signal> outputs = new KerasNetwork(graph, config, source, version, "").outputs(inputs.signals());
    graph.checkMask();
    return new KerasModel(graph, inputs, config, outputs).saved(origin);
  }

  /** What the model gives for what it is given. */
  private List<Signal> outputs(List<Signal> given) throws FormatException {
    FormatException.check(given.size() == config.inputs().size(), "A model takes %d inputs and is given %d.",
        config.inputs().size(), given.size());
    for (int i = 0; i < given.size(); i++) {
      done.put(config.inputs().get(i), List.of(given.get(i)));
    }
    List<Signal> outputs = new ArrayList<>();
    for (Reference output : config.outputs()) {
      outputs.add(signal(output));
    }
    for (Map.Entry<String, Called> entry : config.layers().entrySet()) {
      LayerConfig layer = entry.getValue().layer();
      boolean used = done.keySet().stream().anyMatch(reference -> reference.layer().equals(entry.getKey()));
      layer.check(used, "is not on a way from the inputs to the outputs. Take it out");
    }
    return outputs;
  }

  private Signal signal(Reference reference) throws FormatException {
    Called called = config.called(reference);
    Reference call = new Reference(reference.layer(), reference.call(), 0);
    if (!done.containsKey(call)) {
      called.layer().check(begun.add(call), "leads to itself");
      List<Signal> reads = new ArrayList<>();
      for (Reference read : called.calls().get(reference.call())) {
        reads.add(signal(read));
      }
      done.put(call, made(called.layer(), reads));
    }
    List<Signal> outputs = Objects.requireNonNull(done.get(call));
    called.layer().check(reference.output() < outputs.size(), "gives %d outputs, and its output number %d is read",
        outputs.size(), reference.output() + 1);
    return outputs.get(reference.output());
  }

  private List<Signal> made(LayerConfig layer, List<Signal> reads) throws FormatException {
    LayerCall call = new LayerCall(graph, source, version, layer, layer, Part.OWN, graph.free(within + layer.name()),
        reads);
    try {
      return KerasConfig.isModel(layer.className()) ? nested(layer, reads) : made(call);
    } catch (IllegalArgumentException | ArithmeticException unfit) {
      throw new FormatException(layer.refusal("cannot be run").getMessage() + " " + unfit.getMessage(), unfit);
    }
  }

  /** A model that is a layer. */
  private List<Signal> nested(LayerConfig layer, List<Signal> reads) throws FormatException {
    KerasConfig inner = KerasConfig.of(layer.written(), version);
    if (!sources.containsKey(layer.name())) {
      sources.put(layer.name(), source.within(layer));
    }
    LayerWeights weights = Objects.requireNonNull(sources.get(layer.name()));
    return new KerasNetwork(graph, inner, weights, version, within + layer.name() + "_").outputs(reads);
  }

  private List<Signal> made(LayerCall call) throws FormatException {
    return switch (call.layer().className()) {
      case "InputLayer" -> throw call.layer().refusal("is an input that stands behind other layers");
      case "LSTM", "GRU", "SimpleRNN", "CuDNNLSTM", "CuDNNGRU" -> new RecurrentLayers(call).oneDirection(call.layer());
      case "RNN" -> new RecurrentLayers(call).oneDirection(call.layer().inner("cell"));
      case "Bidirectional" -> new RecurrentLayers(call).twoDirections();
      case "TimeDistributed" -> List.of(timeDistributed(call.wrapped()));
      default -> List.of(one(call));
    };
  }

  private Signal timeDistributed(LayerCall call) throws FormatException {
    String inner = call.config().className();
    call.layer().check(DenseLayers.ofRows(inner),
        "wraps a layer of class %s, and only those that make a row of each row"
            + " are run in it, as Dense",
        inner);
    call.layer().check(LayerCall.isSequence(call.read()), "takes a row a step, and is given %s", call.read().form());
    return one(call);
  }

  private Signal one(LayerCall call) throws FormatException {
    return switch (call.config().className()) {
      case "Masking" -> masking(call);
      case "Embedding" -> embedding(call);
      case "Dense", "TimeDistributedDense" -> new DenseLayers(call).dense();
      case "Activation" -> KerasActivations.apply(call, call.read());
      case "Softmax" -> new DenseLayers(call).softmax();
      case "ReLU", "LeakyReLU", "ELU", "ThresholdedReLU" -> new DenseLayers(call).rectifier();
      case "PReLU" -> new DenseLayers(call).parametric();
      case "BatchNormalization" -> new NormLayers(call).batch();
      case "LayerNormalization" -> new NormLayers(call).layer();
      case "Dropout" -> new NormLayers(call).noise(Noise.Kind.DROPOUT);
      case "SpatialDropout1D" -> new NormLayers(call).noise(Noise.Kind.STEP_DROPOUT);
      case "GaussianNoise" -> new NormLayers(call).noise(Noise.Kind.GAUSSIAN);
      case "GaussianDropout" -> new NormLayers(call).noise(Noise.Kind.GAUSSIAN_DROPOUT);
      case "AlphaDropout" -> new NormLayers(call).noise(Noise.Kind.ALPHA_DROPOUT);
      case "ActivityRegularization" -> call.read();
      case "Conv1D", "Convolution1D" -> new ConvLayers(call).conv();
      case "DepthwiseConv1D" -> new ConvLayers(call).depthwise(false);
      case "SeparableConv1D" -> new ConvLayers(call).depthwise(true);
      case "MaxPooling1D" -> new ConvLayers(call).windowPool(Pool.Rule.MAX);
      case "AveragePooling1D" -> new ConvLayers(call).windowPool(Pool.Rule.MEAN);
      case "GlobalMaxPooling1D" -> new ConvLayers(call).pool(Pool.Rule.MAX);
      case "GlobalAveragePooling1D" -> new ConvLayers(call).pool(Pool.Rule.MEAN);
      case "Concatenate" -> new MergeLayers(call).concatenate();
      case "Dot" -> new MergeLayers(call).dot();
      case "Flatten" -> new ShapeLayers(call).flatten();
      case "RepeatVector" -> new ShapeLayers(call).repeat();
      case "Permute" -> new ShapeLayers(call).permute();
      case "Reshape" -> new ShapeLayers(call).reshape();
      default -> new MergeLayers(call).merge(rule(call.layer()));
    };
  }

  private static Rule rule(LayerConfig layer) throws FormatException {
    return switch (layer.className()) {
      case "Add" -> Rule.SUM;
      case "Subtract" -> Rule.SUBTRACT;
      case "Multiply" -> Rule.MULTIPLY;
      case "Average" -> Rule.AVERAGE;
      case "Maximum" -> Rule.MAXIMUM;
      case "Minimum" -> Rule.MINIMUM;
      default ->
        throw layer.refusal("has no like in Carousel, which runs LSTM, GRU, SimpleRNN, Bidirectional, Embedding,"
            + " Masking, TimeDistributed, Dense, activations, convolutions and pooling over time, normalisation and merging."
            + " Save the model without it");
    };
  }

  private Signal masking(LayerCall call) throws FormatException {
    Signal in = call.read();
    float value = call.layer().maskValue().orElseThrow();
    checkInput(call, in, "masks what other layers have computed, and only a mask of the model's input is read. Put it"
        + " first");
    call.layer().check(in.form() == Form.SEQUENCE, "masks steps, and is given %s", in.form());
    graph.mask(call.layer(), in.node(), value);
    return in.masked(Tail.ZERO);
  }

  private Signal embedding(LayerCall call) throws FormatException {
    Signal in = call.read();
    checkInput(call, in, "looks up indices, and stands behind other layers. Put it first");
    Tensor table = Matrices.matrix(call.weights(List.of("embeddings")).getFirst());
    String node = call.node("rows", Embedding.of(table.rows(), table.columns()), Map.of("table", table), in);
    Signal rows = new Signal(node, in.form() == Form.SCORES ? Form.SEQUENCE : in.form(), table.columns(), in.axis(),
        false,
        false, Tail.OTHER, false);
    Optional<Float> mask = call.layer().maskValue();
    if (mask.isEmpty()) {
      return rows;
    }
    call.layer().check(rows.form() == Form.SEQUENCE, "masks an index that there is one of for a sequence, of %s", rows
        .form());
    graph.mask(call.layer(), in.node(), mask.get());
    return rows.masked(Tail.OTHER);
  }

  private void checkInput(LayerCall call, Signal in, String otherwise) throws FormatException {
    call.layer().check(graph.inputs().stream().anyMatch(input -> input.name().equals(in.node())), otherwise);
  }
}
