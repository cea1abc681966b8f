package dev.carousel.formats.keras;

import dev.carousel.Embedding;
import dev.carousel.Network;
import dev.carousel.Tensor;
import dev.carousel.Weights;
import dev.carousel.formats.data.Element;
import dev.carousel.formats.data.FormatException;
import dev.carousel.formats.data.Matrices;
import dev.carousel.formats.keras.LayerWeights.Part;
import dev.carousel.formats.model.Axis;
import dev.carousel.formats.model.Port;
import dev.carousel.formats.model.SavedModel;
import dev.carousel.formats.model.Signature;
import java.util.List;

/** The way from a configuration and its weights to a network, its names and its rules. */
final class KerasNetwork {
  private final LayerStack stack;
  private final RecurrentLayers recurrent;
  private final DenseLayers dense;

  private KerasNetwork(LayerStack stack) {
    this.stack = stack;
    recurrent = new RecurrentLayers(stack);
    dense = new DenseLayers(stack);
  }

  /** The model of a configuration with its weights. */
  static SavedModel of(KerasConfig config, LayerWeights source, KerasVersion version, String origin)
      throws FormatException {
    KerasNetwork network = new KerasNetwork(new LayerStack(source, version));
    for (LayerConfig layer : config.layers()) {
      network.add(layer);
    }
    FormatException.check(network.stack.recurrent,
        "The model has no recurrent layer among its %d, and Carousel runs recurrent networks.", config.layers().size());
    return network.model(config, origin);
  }

  private void add(LayerConfig layer) throws FormatException {
    switch (layer.className()) {
      case "InputLayer" -> layer.check(stack.layers.isEmpty(), "is an input that stands behind other layers");
      case "Masking" -> masking(layer);
      case "Embedding" -> embedding(layer);
      case "LSTM", "GRU", "SimpleRNN" -> recurrent.oneDirection(layer);
      case "Bidirectional" -> recurrent.twoDirections(layer);
      case "TimeDistributed" -> dense.timeDistributed(layer);
      case "Dense" -> dense.dense(layer, Part.OWN, layer);
      case "Activation" -> dense.activation(layer, KerasActivations.name(layer, "activation"));
      case "Softmax" -> dense.softmax(layer);
      case "ReLU", "LeakyReLU", "ELU" -> dense.rectifier(layer);
      case "Dropout", "SpatialDropout1D", "GaussianNoise", "GaussianDropout", "AlphaDropout",
          "ActivityRegularization" -> {
        // at work in training only
      }
      case "CuDNNLSTM", "CuDNNGRU" -> throw layer.refusal("keeps its weights in the order of NVIDIA's cuDNN, which is"
          + " not read. Load them into a layer of class %s in Keras, which knows how to turn them, and save that",
          layer.className().substring("CuDNN".length()));
      default -> throw layer.refusal("has no like in Carousel, which runs LSTM, GRU, SimpleRNN, Bidirectional,"
          + " Embedding, Masking, TimeDistributed, Dense and activations. Save the model without it");
    }
  }

  private void masking(LayerConfig layer) throws FormatException {
    layer.check(stack.layers.isEmpty() && stack.mask.isEmpty(),
        "masks what other layers have computed, and only a mask of the model's input is read. Put it first");
    stack.mask = layer.maskValue();
  }

  private void embedding(LayerConfig layer) throws FormatException {
    layer.check(stack.layers.isEmpty() && stack.mask.isEmpty(),
        "looks up indices, and stands behind other layers. Put it first");
    Tensor table = Matrices.matrix(stack.source.of(layer, Part.OWN, List.of("embeddings")).getFirst());
    stack.tensor("table", table);
    stack.layers.add(Embedding.of(table.rows(), table.columns()));
    stack.mask = layer.maskValue();
  }

  private SavedModel model(KerasConfig config, String origin) throws FormatException {
    try {
      Network network = Network.of(stack.layers);
      int rank = network.takesIndices() ? 2 : 3;
      int said = config.inputRank().orElse(rank);
      FormatException.check(said == rank, "The model's input has %d dimensions, and its first layer, %s, takes %d.",
          said, stack.layers.getFirst(), rank);
      return new SavedModel(network, Weights.of(stack.tensors), signature(network, config), origin);
    } catch (IllegalArgumentException unfit) {
      throw new FormatException("The layers of the model do not make a network: " + unfit.getMessage(), unfit);
    }
  }

  private Signature signature(Network network, KerasConfig config) {
    List<Axis> rows = network.takesIndices() ? List.of(Axis.BATCH, Axis.STEPS)
        : List.of(Axis.BATCH, Axis.STEPS, Axis.columns(network.input().width()));
    Axis columns = Axis.columns(network.output().width());
    List<Axis> results = stack.sequence
        ? List.of(Axis.BATCH, stack.flipped ? Axis.REVERSED_STEPS : Axis.STEPS, columns)
        : List.of(Axis.BATCH, columns);
    Port input = new Port(config.input(), Port.Content.ROWS, List.of(),
        network.takesIndices() ? Element.I32 : Element.F32, rows);
    Port output = new Port(config.layers().getLast().name(), Port.Content.RESULTS, List.of(), Element.F32, results);
    return new Signature(List.of(input), List.of(output), stack.padding, stack.mask);
  }
}
