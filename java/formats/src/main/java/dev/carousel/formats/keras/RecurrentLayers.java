package dev.carousel.formats.keras;

import dev.carousel.Columns;
import dev.carousel.Concat;
import dev.carousel.Directions;
import dev.carousel.FinalState;
import dev.carousel.Recurrent;
import dev.carousel.Tensor;
import dev.carousel.formats.data.FormatException;
import dev.carousel.formats.keras.LayerWeights.Part;
import dev.carousel.formats.keras.Signal.Form;
import dev.carousel.formats.keras.Signal.Tail;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Recurrent layers of one direction or two.
 *
 * <p>A layer that goes backwards leaves its results in the order in which it made them, the last step first, and does
 * not turn them back. Ours are always at their steps, so it is kept whether the author's rows are flipped: a layer reads
 * our rows in reverse where it goes backwards over rows that are not flipped, or forwards over rows that are.
 */
record RecurrentLayers(LayerCall call) {

  /** LSTM, GRU or SimpleRNN, or their cells in an RNN: the output, and the states if they are returned. */
  List<Signal> oneDirection(LayerConfig cells) throws FormatException {
    LayerConfig layer = call.layer();
    Signal in = rows();
    Cell cell = Cell.of(cells, call.version(), call.weights(Part.CELL, Cell.names(cells)));
    call.checkWidth(in, cell.inputs());
    boolean returns = layer.flag("return_sequences", false);
    boolean reverse = layer.flag("go_backwards", false) != in.flipped();
    boolean zero = layer.flag("zero_output_for_mask", false);
    if (in.masked()) {
      layer.check(returns || !zero, "returns 0 where the last step is masked (zero_output_for_mask without"
          + " return_sequences), which Carousel does not");
      layer.check(!returns || !reverse, "returns a masked sequence backwards, with its padding first, which Carousel"
          + " does not. Use Bidirectional, or mask nothing");
    }
    Map<String, Tensor> tensors = tensors(reverse ? "reverse" : "forward", cell);
    Recurrent made = cell.layer(reverse ? Directions.REVERSE : Directions.FORWARD);
    List<Signal> states = call.reads().subList(1, call.reads().size());
    String node = call.node("rows", made, tensors, reads(in, states));
    Signal sequence = Signal.steps(node, made.outputs(), in.axis()).flipped(reverse);
    if (in.masked()) {
      sequence = sequence.masked(zero ? Tail.ZERO : Tail.REPEAT);
    }
    return outputs(cell, sequence, returns, 1);
  }

  /** Bidirectional around one of them. */
  List<Signal> twoDirections() throws FormatException {
    LayerConfig layer = call.layer();
    LayerConfig forward = layer.inner("layer");
    LayerConfig backward = layer.config().find("backward_layer").isPresent() ? layer.inner("backward_layer") : forward;
    Signal in = rows();
    boolean returns = forward.flag("return_sequences", false);
    layer.check(!forward.flag("go_backwards", false) && !in.flipped(), "reads a sequence that has been turned round"
        + " (go_backwards), and Carousel would have to swap its halves. Turn the sequence back, or swap its layers");
    layer.check(backward.equals(forward) || (backward.flag("go_backwards", false) && backward.flag("return_sequences",
        false) == returns), "has a backward_layer that does not go backwards, or returns what the other does not");
    layer.check(!in.masked() || !returns || call.version().bidirectionalPaddingIsZero(),
        "returns a masked sequence, whose padding Keras %s made in a way of its own. Save the model with Keras 2.4 or"
            + " later",
        call.version().text());
    Directions merged = merge(layer);
    Cell left = Cell.of(forward, call.version(), call.weights(Part.FORWARD, Cell.names(forward)));
    Cell right = Cell.of(backward, call.version(), call.weights(Part.BACKWARD, Cell.names(backward)));
    layer.check(left.fits(right), "has two directions of unlike kinds or sizes, and Carousel runs two alike");
    call.checkWidth(in, left.inputs());
    Map<String, Tensor> tensors = tensors("forward", left);
    tensors.putAll(tensors("reverse", right));
    Recurrent made = left.layer(merged, right);
    String node = call.node("rows", made, tensors, reads(in, pairs(left)));
    Signal sequence = Signal.steps(node, made.outputs(), in.axis());
    return outputs(left, in.masked() ? sequence.masked(Tail.ZERO) : sequence, returns,
        merged == Directions.CONCAT ? 2 : 0);
  }

  private static Directions merge(LayerConfig layer) throws FormatException {
    boolean none = layer.config().members().containsKey("merge_mode") && layer.config().find("merge_mode").isEmpty();
    String mode = none ? "None" : layer.text("merge_mode", "concat");
    return switch (mode) {
      case "concat" -> Directions.CONCAT;
      case "sum" -> Directions.SUM;
      case "ave" -> Directions.AVERAGE;
      case "mul" -> Directions.MULTIPLY;
      default ->
        throw layer.refusal("has the merge_mode %s, and its directions are to become one output by concat, sum,"
            + " ave or mul", mode);
    };
  }

  /** The first tensor that it reads; those behind it are states. */
  private Signal rows() throws FormatException {
    call.layer().check(!call.reads().isEmpty(), "takes no inputs");
    Signal in = call.sequence(call.reads().getFirst());
    call.countsValid(in);
    return in;
  }

  private static Map<String, Tensor> tensors(String direction, Cell cell) {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    cell.tensors().forEach((name, tensor) -> tensors.put(direction + "." + name, tensor));
    return tensors;
  }

  /** What the node reads: the rows and the states that it starts with, if they are given. */
  private List<String> reads(Signal in, List<Signal> states) throws FormatException {
    List<String> reads = new ArrayList<>(List.of(in.node()));
    for (Signal state : states) {
      call.layer().check(state.form() == Form.ROW && !state.indices(),
          "takes a state, a row a sequence, and is given %s",
          state.form());
      reads.add(state.node());
    }
    return reads;
  }

  /** The states of two directions, which Keras gives one behind the other, side by side. */
  private List<Signal> pairs(Cell cell) throws FormatException {
    List<Signal> states = call.reads().subList(1, call.reads().size());
    int each = cell.kind() == Cell.Kind.LSTM ? 2 : 1;
    call.layer().check(states.isEmpty() || states.size() == 2 * each,
        "takes %d states for its two directions, and is given"
            + " %d",
        2 * each, states.size());
    List<Signal> pairs = new ArrayList<>();
    for (int i = 0; i < states.size() / 2; i++) {
      Signal left = states.get(i);
      Signal right = states.get(each + i);
      Concat concat = Concat.of(left.width(), right.width());
      reads(left, List.of(left, right)); // which are to be states
      pairs.add(
          Signal.row(call.graph().node(call.name() + "_state", concat, Map.of(), List.of(left.node(), right.node())),
              concat.outputs()));
    }
    return pairs;
  }

  /**
   * What the layer gives: its rows or the last state, and the states behind that if it returns them.
   *
   * @param parts how many directions' states stand side by side; 0 where they are merged
   */
  private List<Signal> outputs(Cell cell, Signal sequence, boolean returns, int parts) throws FormatException {
    boolean state = call.layer().flag("return_state", false)
        || (parts != 1 && call.layer().inner("layer").flag("return_state", false));
    FinalState last = FinalState.of(sequence.width());
    List<Signal> outputs = new ArrayList<>();
    Signal hidden = sequence;
    if (state || !returns) {
      hidden = Signal.row(call.node("state", last, Map.of(), sequence), sequence.width());
    }
    outputs.add(returns ? sequence : hidden);
    if (state) {
      call.layer().check(parts > 0, "returns the states of two directions that are merged. Use merge_mode='concat'");
      boolean cells = cell.kind() == Cell.Kind.LSTM;
      Signal inside = cells ? Signal.row(call.node("cell", last.ofCell(), Map.of(), sequence), sequence.width())
          : hidden;
      for (int part = 0; part < parts; part++) {
        outputs.add(part(hidden, part, parts));
        if (cells) {
          outputs.add(part(inside, part, parts));
        }
      }
    }
    return outputs;
  }

  private Signal part(Signal states, int part, int parts) {
    int width = states.width() / parts;
    return parts == 1 ? states
        : Signal.row(call.node("part", Columns.of(states.width(), part * width, width), Map.of(), states), width);
  }
}
