package dev.carousel.formats.keras;

import dev.carousel.Directions;
import dev.carousel.Gru;
import dev.carousel.Lstm;
import dev.carousel.Recurrent;
import dev.carousel.Rnn;
import dev.carousel.Tensor;
import dev.carousel.formats.data.FormatException;
import dev.carousel.formats.data.Matrices;
import dev.carousel.formats.data.NdArray;
import dev.carousel.spi.form.Activation;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * One direction of a recurrent layer with its weights, in our order of the gates.
 *
 * @param activation of the candidate, and of the cell state on its way out
 * @param gate of the gates, which a plain layer lacks
 * @param resetAfter of a GRU
 * @param tensors by our names within a direction
 */
record Cell(LayerConfig layer, Kind kind, int inputs, int units, Activation activation, Activation gate, boolean bias,
    boolean resetAfter, Map<String, Tensor> tensors) {

  /** The three cells, each with Keras' class for it. */
  enum Kind {
    LSTM("LSTM"), GRU("GRU"), RNN("SimpleRNN");

    private final String className;

    Kind(String className) {
      this.className = className;
    }

    String className() {
      return className;
    }

    /** The places that our gates have among Keras'. */
    int[] order() {
      return switch (this) {
        case LSTM -> new int[]{0, 1, 2, 3};
        case GRU -> new int[]{1, 0, 2};
        case RNN -> new int[]{0};
      };
    }

    int gates() {
      return order().length;
    }

    static Kind of(LayerConfig layer) throws FormatException {
      for (Kind kind : values()) {
        if (List.of(kind.className, kind.className + "Cell", "CuDNN" + kind.className).contains(layer.className())) {
          return kind;
        }
      }
      throw layer.refusal("is no recurrent layer that Carousel runs: LSTM, GRU or SimpleRNN");
    }
  }

  /** The cell that a configuration describes, with its weights in Keras' order. */
  static Cell of(LayerConfig said, KerasVersion version, List<NdArray> stored) throws FormatException {
    Kind kind = Kind.of(said);
    LayerConfig layer = CudnnWeights.config(said);
    layer.check(!layer.flag("time_major", false), "takes time first (time_major), which Carousel does not read."
        + " Save it with time_major=False");
    int units = layer.size("units");
    boolean bias = layer.flag("use_bias", true);
    long columns = (long) kind.gates() * units;
    List<NdArray> weights = CudnnWeights.turned(kind, units, stored);
    NdArray kernel = weights.getFirst();
    layer.check(kernel.rank() == 2 && kernel.size(1) == columns && kernel.size(0) <= Integer.MAX_VALUE,
        "has a kernel of %s, and %d units need one of [inputs, %d]", kernel, units, columns);
    Activation activation = KerasActivations.of(layer, version, "activation");
    Activation gate = kind == Kind.RNN ? activation : KerasActivations.of(layer, version, "recurrent_activation");
    NdArray recurrent = weights.get(1);
    layer.check(recurrent.shape().equals(List.of((long) units, columns)),
        "has a recurrent kernel of %s, and %d units need one of [%d, %d]", recurrent, units, units, columns);
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    tensors.put("input", rows(kernel, kind, units));
    tensors.put("recurrent", rows(recurrent, kind, units));
    boolean after = kind == Kind.GRU && resetAfter(layer, version, bias, weights);
    if (bias) {
      biases(layer, kind, units, after, weights.get(2), tensors);
    }
    return new Cell(layer, kind, (int) kernel.size(0), units, activation, gate, bias, after, tensors);
  }

  /** The names that Keras gives the weights of such a layer. */
  static List<String> names(LayerConfig layer) throws FormatException {
    return layer.flag("use_bias", true) ? List.of("kernel", "recurrent_kernel", "bias")
        : List.of("kernel", "recurrent_kernel");
  }

  /** What the configuration says; where it does not, the bias shows it, and Keras 2 had no other than before. */
  private static boolean resetAfter(LayerConfig layer, KerasVersion version, boolean bias, List<NdArray> weights)
      throws FormatException {
    return layer.flag("reset_after", bias ? weights.get(2).rank() == 2 : version.major() > 2);
  }

  private static Tensor rows(NdArray kernel, Kind kind, int units) throws FormatException {
    return Matrices.blocks(Matrices.transposed(Matrices.matrix(kernel)), units, kind.order());
  }

  private static void biases(LayerConfig layer, Kind kind, int units, boolean resetAfter, NdArray bias,
      Map<String, Tensor> tensors) throws FormatException {
    long columns = (long) kind.gates() * units;
    List<Long> shape = resetAfter ? List.of(2L, columns) : List.of(columns);
    layer.check(bias.shape().equals(shape), "has a bias of %s, and needs one of %s", bias, shape);
    NdArray first = resetAfter ? bias.at(0) : bias;
    tensors.put("bias", Matrices.columnBlocks(Matrices.matrix(first, 1, (int) columns), units, kind.order()));
    if (resetAfter) {
      tensors.put("recurrent_bias", Matrices.columnBlocks(Matrices.matrix(bias.at(1), 1, (int) columns), units,
          kind.order()));
    }
  }

  /** Our layer, of this cell in all its directions. */
  Recurrent layer(Directions directions) {
    return layer(directions, this);
  }

  /** Our layer of two directions, whose reverse one is another cell of the same kind and size. */
  Recurrent layer(Directions directions, Cell reverse) {
    return switch (kind) {
      case LSTM -> {
        Lstm lstm = Lstm.of(inputs, units).directions(directions).activations(gate, activation, activation)
            .reverseActivations(reverse.gate, reverse.activation, reverse.activation);
        yield bias ? lstm : lstm.withoutBias();
      }
      case GRU -> {
        Gru gru = Gru.of(inputs, units).directions(directions).activations(gate, activation)
            .reverseActivations(reverse.gate, reverse.activation);
        Gru reset = resetAfter ? gru : gru.resetBefore();
        yield bias ? reset : reset.withoutBias();
      }
      case RNN -> {
        Rnn rnn = Rnn.of(inputs, units).directions(directions).activation(activation)
            .reverseActivation(reverse.activation);
        yield bias ? rnn : rnn.withoutBias();
      }
    };
  }

  /** Whether another cell can be the other direction of the same layer. */
  boolean fits(Cell other) {
    return kind == other.kind && inputs == other.inputs && units == other.units && bias == other.bias
        && resetAfter == other.resetAfter;
  }
}
