package dev.carousel.formats.onnx;

import dev.carousel.Directions;
import dev.carousel.Gru;
import dev.carousel.Lstm;
import dev.carousel.Recurrent;
import dev.carousel.Rnn;
import dev.carousel.formats.data.FormatException;
import dev.carousel.formats.data.NdArray;
import dev.carousel.formats.onnx.Value.Constant;
import dev.carousel.formats.onnx.Value.Product;
import dev.carousel.formats.onnx.proto.NodeProto;
import dev.carousel.spi.form.Activation;
import dev.carousel.spi.form.Activation.Kind;
import dev.carousel.spi.form.CellUpdate;
import java.util.List;
import java.util.Optional;

/**
 * A node RNN, GRU or LSTM as a layer.
 *
 * @param w {@code [directions][gates*hidden][inputs]}
 * @param recurrent {@code [directions][gates*hidden][hidden]}
 * @param b {@code [directions][2*gates*hidden]}, the input's biases and then the recurrent ones; null for none
 * @param p {@code [directions][3*hidden]}, of the gates i, o, f; null for none
 */
record RecurrentNode(Call call, Directions directions, int inputs, int hidden, NdArray w, Constant recurrent,
    Optional<NdArray> b,
    Optional<NdArray> p) {
  /** The indices of the inputs W, R, B and P. */
  static final List<Integer> WEIGHTS = List.of(1, 2, 3, 7);

  static RecurrentNode of(Call call) throws FormatException {
    Directions directions = switch (call.text("direction", "forward")) {
      case "forward" -> Directions.FORWARD;
      case "reverse" -> Directions.REVERSE;
      case "bidirectional" -> Directions.CONCAT;
      default -> throw call.refused("has the direction %s; forward, reverse and bidirectional are what ONNX has",
          NodeProto.shortened(call.text("direction", "")));
    };
    NdArray w = call.constant(1, "weights W");
    List<Long> r = call.input(2) instanceof Product product
        ? product.shape()
        : call.constant(2, "weights R").shape();
    if (w.rank() != 3 || r.size() != 3 || w.count() == 0 || r.contains(0L) || w.size(2) > Integer.MAX_VALUE
        || w.size(1) > Integer.MAX_VALUE) {
      throw call.refused("has weights W of %s and R of %s; each has the directions, the gates and the columns as its"
          + " axes", w, r);
    }
    int hidden = (int) Math.min(r.get(2), Integer.MAX_VALUE / 8);
    int both = directions == Directions.CONCAT ? 2 : 1;
    int gates = switch (call.node().operator()) {
      case "LSTM" -> 4;
      case "GRU" -> 3;
      default -> 1;
    };
    Constant recurrent = (Constant) call.input(2);
    if (recurrent instanceof Product product) {
      Weighing.check(call, "R", product.left(), both, (long) gates * hidden, product.left().size(2));
    } else {
      Weighing.check(call, "R", recurrent.array(), both, (long) gates * hidden, hidden);
    }
    Weighing.check(call, "W", w, both, (long) gates * hidden, w.size(2));
    if (call.integer("hidden_size", hidden) != hidden) {
      throw call.refused("has a hidden_size of %d, and weights for %d", call.integer("hidden_size", 0), hidden);
    }
    Optional<NdArray> b = constant(call, 3, "B", both, 2L * gates * hidden);
    Optional<NdArray> p = gates == 4 ? constant(call, 7, "P", both, 3L * hidden) : Optional.empty();
    return new RecurrentNode(call, directions, (int) w.size(2), hidden, w, recurrent, b, p);
  }

  private static Optional<NdArray> constant(Call call, int index, String name, long... shape) throws FormatException {
    Optional<Value> value = call.optional(index);
    if (value.isEmpty()) {
      return Optional.empty();
    }
    if (!(value.get() instanceof Constant constant)) {
      throw call.refused("computes its input %s, and a constant is needed; fold constants before exporting", name);
    }
    Weighing.check(call, name, constant.array(), shape);
    return Optional.of(constant.array());
  }

  boolean coupled() {
    return call.integer("input_forget", 0) != 0;
  }

  boolean resetAfter() {
    return call.integer("linear_before_reset", 0) != 0;
  }

  /** Whether the batch comes before the steps. */
  boolean batchFirst() {
    return call.integer("layout", 0) != 0;
  }

  int parts() {
    return directions == Directions.CONCAT ? 2 : 1;
  }

  Recurrent layer() throws FormatException {
    float clip = call.node().attribute("clip").isPresent() ? call.real("clip", 0) : CellUpdate.NO_CLIP;
    if (!(clip > 0)) {
      throw call.refused("clips at %s; a bound is above 0", clip);
    }
    return switch (call.node().operator()) {
      case "LSTM" -> lstm(clip);
      case "GRU" -> gru(clip);
      default -> rnn(clip);
    };
  }

  private Recurrent lstm(float clip) throws FormatException {
    List<Activation> fgh = NodeActivations.of(call, List.of(Kind.SIGMOID, Kind.TANH, Kind.TANH), parts());
    List<Activation> last = fgh.subList(fgh.size() - 3, fgh.size());
    return new Lstm(inputs, hidden, 0, directions, p.isPresent(), coupled(),
        new Lstm.Activations(fgh.get(0), fgh.get(1), fgh.get(2)),
        new Lstm.Activations(last.get(0), last.get(1), last.get(2)), clip, b.isPresent());
  }

  private Recurrent gru(float clip) throws FormatException {
    List<Activation> fg = NodeActivations.of(call, List.of(Kind.SIGMOID, Kind.TANH), parts());
    List<Activation> last = fg.subList(fg.size() - 2, fg.size());
    return new Gru(inputs, hidden, resetAfter(), directions, new Gru.Activations(fg.get(0), fg.get(1)),
        new Gru.Activations(last.get(0), last.get(1)), clip, b.isPresent());
  }

  private Recurrent rnn(float clip) throws FormatException {
    List<Activation> f = NodeActivations.of(call, List.of(Kind.TANH), parts());
    return new Rnn(inputs, hidden, directions, f.getFirst(), f.getLast(), clip, b.isPresent());
  }
}
