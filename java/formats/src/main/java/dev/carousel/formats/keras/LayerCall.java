package dev.carousel.formats.keras;

import dev.carousel.Flatten;
import dev.carousel.Layer;
import dev.carousel.Repeat;
import dev.carousel.Tensor;
import dev.carousel.formats.data.FormatException;
import dev.carousel.formats.data.NdArray;
import dev.carousel.formats.keras.LayerWeights.Part;
import dev.carousel.formats.keras.Signal.Form;
import dev.carousel.spi.form.Axis;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/**
 * A call of a layer.
 *
 * @param layer the layer, as messages name it
 * @param config what says how it works: the layer itself, or the one that it wraps
 * @param part where that one's weights are
 * @param name what its node is to be called
 */
record LayerCall(KerasGraph graph, LayerWeights source, KerasVersion version, LayerConfig layer, LayerConfig config,
    Part part, String name, List<Signal> reads) {

  LayerCall {
    reads = List.copyOf(reads);
  }

  /** The same for the layer that it wraps. */
  LayerCall wrapped() throws FormatException {
    return new LayerCall(graph, source, version, layer, config.inner("layer"), Part.WRAPPED, name, reads);
  }

  /** The only tensor that it reads. */
  Signal read() throws FormatException {
    layer.check(reads.size() == 1, "takes %d inputs, and one was expected", reads.size());
    return reads.getFirst();
  }

  /** The only tensor that it reads, as a row a step. */
  Signal sequence() throws FormatException {
    return sequence(read());
  }

  /** A tensor as a row a step. */
  Signal sequence(Signal in) throws FormatException {
    layer.check(isSequence(in), "takes a row a step, and is given %s"
        + " (return_sequences=False leaves one a sequence)", in.form());
    checkFloats(in);
    return switch (in.form()) {
      case SINGLE -> repeated(in, 1);
      case TURNED -> repeated(flattened(name + "_flat", in.form(Form.SCORES).width(1)), in.width());
      default -> in;
    };
  }

  private Signal repeated(Signal in, int times) {
    String node = graph.node(name + "_steps", Repeat.of(in.width()).steps(times), Map.of(), List.of(in.node()));
    return Signal.steps(node, in.width(), new Axis.Fixed(times));
  }

  /** Whether it can be taken for a row a step. */
  static boolean isSequence(Signal in) {
    return in.form() == Form.SEQUENCE || in.form() == Form.SINGLE || in.form() == Form.TURNED;
  }

  /** A tensor as a row of features, which a fixed number of scores can be, too. */
  Signal features(Signal in) throws FormatException {
    checkFloats(in);
    if (in.form() == Form.SCORES) {
      return flattened(name + "_flat", in);
    }
    layer.check(in.form() == Form.ROW || in.form() == Form.SINGLE || in.form() == Form.SEQUENCE,
        "takes rows of features, and is given %s",
        in.form());
    return in;
  }

  /** All steps of a fixed number side by side, by a node that is called so. */
  Signal flattened(String node, Signal in) throws FormatException {
    OptionalInt steps = graph.steps(in.axis());
    layer.check(steps.isPresent(),
        "puts the rows of all steps side by side, and the model's input does not say how many"
            + " there are. Give it a shape with a number of steps");
    checkTurned(in);
    countsAll(in);
    Flatten flatten = Flatten.of(in.width(), steps.getAsInt());
    return Signal.row(graph.node(node, flatten, Map.of(), List.of(in.node())), flatten.outputs());
  }

  private void checkFloats(Signal in) throws FormatException {
    layer.check(!in.indices(), "takes numbers, and is given indices. Put an Embedding layer between the two");
  }

  /** The steps must run as ours do. */
  void checkTurned(Signal in) throws FormatException {
    layer.check(!in.flipped(), "reads a sequence that has been turned round (go_backwards), and its windows would have"
        + " to be turned, too. Turn the sequence back");
  }

  /** Of a layer that knows no masks: no step may be left out. */
  void countsAll(Signal in) throws FormatException {
    layer.check(!in.masked(), "knows no masks and would take masked steps for valid ones. Mask nothing, or put it where"
        + " there is one row a sequence");
    if (in.ofRun()) {
      graph.countsAll(layer);
    }
  }

  /** Of a layer that leaves masked steps out. */
  void countsValid(Signal in) {
    if (in.ofRun() && !in.masked()) {
      graph.countsAll(layer);
    }
  }

  /** The weights under these names. */
  List<NdArray> weights(List<String> names) throws FormatException {
    return weights(part, names);
  }

  /** The weights of another part under these names. */
  List<NdArray> weights(Part other, List<String> names) throws FormatException {
    return graph.weights(source, layer, other, names);
  }

  /** Rows of a width that the layer's weights say. */
  void checkWidth(Signal in, long width) throws FormatException {
    layer.check(in.width() == width, "takes rows of %d, and the layer before it gives rows of %d", width, in.width());
  }

  /** Adds a node, the first of a call under the layer's own name, others under that and the name of a piece. */
  String node(String piece, Layer made, Map<String, Tensor> tensors, Signal... in) {
    return node(piece, made, tensors, Arrays.stream(in).map(Signal::node).toList());
  }

  /** Adds a node that reads these. */
  String node(String piece, Layer made, Map<String, Tensor> tensors, List<String> read) {
    return graph.node(graph.has(name) ? name + "_" + piece : name, made, tensors, read);
  }

  /** Adds a node that makes a row of each row. */
  Signal map(String piece, Layer made, Map<String, Tensor> tensors, Signal in) {
    return in.mapped(node(piece, made, tensors, in), made.outputs());
  }
}
