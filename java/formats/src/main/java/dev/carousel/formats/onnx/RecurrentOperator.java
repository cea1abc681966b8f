package dev.carousel.formats.onnx;

import dev.carousel.Lstm;
import dev.carousel.Recurrent;
import dev.carousel.Repeat;
import dev.carousel.formats.data.FormatException;
import dev.carousel.formats.model.Axis;
import dev.carousel.formats.onnx.Factor.Columns;
import dev.carousel.formats.onnx.Factor.Dim;
import dev.carousel.formats.onnx.Factor.Reversed;
import dev.carousel.formats.onnx.Nodes.State;
import dev.carousel.formats.onnx.Piece.Rest;
import dev.carousel.formats.onnx.Value.Filled;
import dev.carousel.formats.onnx.Value.Given;
import dev.carousel.formats.onnx.Value.Laid;
import dev.carousel.formats.onnx.Value.Product;
import dev.carousel.formats.onnx.Value.Rows;
import dev.carousel.formats.onnx.Value.Stacked;
import dev.carousel.spi.form.Activation;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The operators RNN, GRU and LSTM: each adds a layer, and tells which axes count the steps and the sequences. */
record RecurrentOperator(Call call, RecurrentNode node) {
  private static final int LENGTHS = 4;
  private static final int HIDDEN = 5;
  private static final int CELL = 6;

  static List<Value> apply(Call call) throws FormatException {
    return new RecurrentOperator(call, RecurrentNode.of(call)).apply();
  }

  private List<Value> apply() throws FormatException {
    if (!(call.input(0) instanceof Laid laid) || laid.axes().rank() != 3) {
      throw call.refused("reads as X what is no sequence of rows with three axes");
    }
    RowReader.Read read = new RowReader(call).read(laid, 2, node.inputs());
    List<Factor> steps = counted(read.axes().get(node.batchFirst() ? 1 : 0), Axis.STEPS);
    List<Factor> batch = counted(read.axes().get(node.batchFirst() ? 0 : 1), Axis.BATCH);
    int rows = read.node();
    if (steps.isEmpty() && !call.reading().assumed().stepless()) {
      rows = call.reading().nodes().derive(call.place().named(call.place().name() + "_step"), Repeat.of(node.inputs())
          .steps(1), rows);
      steps = List.of(call.reading().derived(new dev.carousel.spi.form.Axis.Fixed(1), 1));
    }
    lengths(steps);
    Recurrent layer = node.layer();
    RecurrentWeights weights = new RecurrentWeights(node);
    Nodes nodes = call.reading().nodes();
    List<Integer> reads = new ArrayList<>(List.of(rows));
    reads.addAll(initial(layer));
    int index = nodes.add(call.place(), layer, reads, weights.tensors());
    if (node.recurrent() instanceof Product product) {
      call.reading().projections().add(index, weights, product);
    } else {
      nodes.put(index, weights.recurrent(node.recurrent().array()));
    }
    if (reads.size() == 1) {
      initial(HIDDEN, index, false);
      if (layer instanceof Lstm) {
        initial(CELL, index, true);
      }
    }
    Rows all = new Rows(List.of(nodes.all(index, Rest.ZEROS)), sequence(steps, batch));
    Rows hidden = state(nodes.states(index, false), batch);
    return layer instanceof Lstm ? List.of(all, hidden, state(nodes.states(index, true), batch)) : List.of(all, hidden);
  }

  /** An axis of X counts one thing, or is of size 1. */
  private List<Factor> counted(List<Factor> axis, Axis counts) throws FormatException {
    if (axis.size() > 1) {
      throw call.refused("reads as %s an axis in which several are merged", counts.equals(Axis.STEPS) ? "steps"
          : "sequences");
    }
    if (axis.isEmpty()) {
      return axis;
    }
    if (axis.getFirst() instanceof Reversed reversed && counts.equals(Axis.STEPS)) {
      call.reading().count(reversed.dim(), Axis.REVERSED_STEPS, call.label());
    } else if (axis.getFirst() instanceof Dim dim) {
      call.reading().count(dim, counts, call.label());
    } else {
      throw call.refused("reads as %s a part of an input, or what is reversed", counts.equals(Axis.STEPS) ? "steps"
          : "sequences");
    }
    return axis;
  }

  private Axes sequence(List<Factor> steps, List<Factor> batch) {
    return node.batchFirst()
        ? Axes.of(batch, steps, directions(), units())
        : Axes.of(steps, directions(), batch, units());
  }

  private Rows state(Piece piece, List<Factor> batch) {
    return new Rows(List.of(piece),
        node.batchFirst() ? Axes.of(batch, directions(), units()) : Axes.of(directions(), batch, units()));
  }

  private List<Factor> directions() {
    return List.of(new Columns(node.parts(), node.hidden()));
  }

  private List<Factor> units() {
    return List.of(new Columns(node.hidden(), 1));
  }

  /** All recurrent layers have the same lengths, from one input, or none has any. */
  private void lengths(List<Factor> steps) throws FormatException {
    Optional<Value> value = call.optional(LENGTHS);
    Reading reading = call.reading();
    String input = value.isPresent() ? lengths(value.get(), steps) : null;
    String before = reading.lengths().orElse(null);
    boolean first = reading.nodes().entries().stream().noneMatch(entry -> entry.form() != null && entry.form()
        .layer() instanceof Recurrent);
    if (reading.looksUp() && input == null) {
      return; // the layers do not know of the lengths
    }
    if (!first && !Objects.equals(input, before)) {
      throw call.refused("has %s as its sequence_lens, and a layer before it %s. All have the same, or none has any",
          input == null ? "nothing" : "the input " + input, before == null ? "nothing" : "the input " + before);
    }
    if (input != null) {
      if (reading.acrossSteps().isPresent()) {
        throw call.refused("has the lengths in the input %s, and all steps count for %s before it; take one of the two"
            + " away", input, reading.acrossSteps().orElseThrow());
      }
      reading.lengths(input);
    }
  }

  /** The input that the lengths are; null where they are constant and all steps are valid. */
  private @Nullable String lengths(Value value, List<Factor> steps) throws FormatException {
    if (value instanceof Given given && given.axes().rank() == 1 && given.picked().isEmpty() && !given.floats()
        && (given.axes().get(0).isEmpty()
            || (given.axes().get(0).size() == 1 && given.axes().get(0).getFirst() instanceof Dim))) {
      if (!given.axes().get(0).isEmpty()) {
        call.reading().count((Dim) given.axes().get(0).getFirst(), Axis.BATCH, call.label());
      }
      return given.input();
    }
    Optional<Filled> constant = FillOperators.filled(call, value);
    Size all = steps.isEmpty() ? Size.ONE : steps.getFirst().size();
    if (constant.isPresent() && constant.get().element().same(all)) {
      return null;
    }
    boolean constants = constant.isPresent() || value instanceof Value.Constant;
    throw call.refused("has as its sequence_lens %s; what Carousel reads is an input of the graph, one integer a"
        + " sequence, or nothing",
        constants ? "constants that are not known to be all the steps"
            : "what the graph"
                + " computes");
  }

  /** The parts of inputs that a value is, with the axes directions, batch and columns; none where it is something else. */
  private List<Given> given(Value value) {
    if (value instanceof Given given && given.axes().rank() == 3) {
      return List.of(node.batchFirst() ? given.axes(given.axes().permuted(List.of(1, 0, 2))) : given);
    }
    return value instanceof Stacked stacked && !node.batchFirst() ? stacked.parts() : List.of();
  }

  private void sequences(Given given) throws FormatException {
    List<Factor> batch = given.axes().get(1);
    if (batch.size() == 1 && batch.getFirst() instanceof Dim dim) {
      call.reading().count(dim, Axis.BATCH, call.label());
    } else if (!batch.isEmpty()) {
      throw call.refused("reads as sequences of an initial state a part of the input %s", given.input());
    }
  }

  /** The initial states that layers give, all of them if any: the hidden one, and of an LSTM the cell state. */
  private List<Integer> initial(Recurrent layer) throws FormatException {
    List<Optional<Value>> given = new ArrayList<>(List.of(call.optional(HIDDEN)));
    if (layer instanceof Lstm) {
      given.add(call.optional(CELL));
    }
    List<@Nullable Integer> rows = new ArrayList<>();
    for (Optional<Value> value : given) {
      rows.add(value.isPresent() && value.get() instanceof Rows state ? state(state) : null);
    }
    int any = rows.stream().filter(Objects::nonNull).findFirst().orElse(-1);
    List<Integer> states = new ArrayList<>();
    for (int i = 0; any >= 0 && i < rows.size(); i++) {
      Integer own = rows.get(i);
      states.add(own != null ? own : other(given.get(i), any));
    }
    return states;
  }

  /** The state beside one that a layer gives. */
  private int other(Optional<Value> value, int beside) throws FormatException {
    if (value.isPresent() && value.get() instanceof Given given && given.axes().rank() == 3) {
      return state(new InputRows(call, given).along(List.of(node.batchFirst() ? 1 : 0, 2)));
    }
    Optional<Filled> constant = value.isPresent() ? FillOperators.filled(call, value.get())
        : Optional.of(Filled.ZEROS);
    if (constant.isEmpty() || !constant.get().element().is(0)) {
      throw call.refused("starts with one state that a layer gives and another that is neither that, nor zeros, nor an"
          + " input of the graph");
    }
    return new Functions(call).of(beside, Activation.Kind.AFFINE.of(0, 0));
  }

  /** A row a sequence, the directions side by side. */
  private int state(Rows rows) throws FormatException {
    Axes axes = node.batchFirst() && rows.axes().rank() == 3 ? rows.axes().permuted(List.of(1, 0, 2)) : rows.axes();
    boolean fits = axes.rank() == 3 && rows.width() == node.parts() * node.hidden()
        && axes.with(1, List.of()).equals(Axes.of(directions(), List.of(), units()));
    if (!fits) {
      throw call.refused("starts with a state whose axes are not the directions, the sequences and %d units", node
          .hidden());
    }
    counted(axes.get(1), Axis.BATCH);
    return call.node(rows);
  }

  /** An initial state: zeros, which need no word, or an input of the graph. */
  private void initial(int index, int layer, boolean cell) throws FormatException {
    Optional<Value> value = call.optional(index);
    if (value.isEmpty()) {
      return;
    }
    List<Given> given = given(value.get());
    if (!given.isEmpty()) {
      List<State> names = new ArrayList<>();
      for (int part = 0; part < node.parts(); part++) {
        names.add(new State(layer, part, cell));
      }
      for (Given part : given) {
        sequences(part);
      }
      call.reading().states().add(call, given, names, node.hidden());
      return;
    }
    Optional<Filled> constant = FillOperators.filled(call, value.get());
    if (constant.isEmpty() || !constant.get().element().is(0)) {
      throw call
          .refused("starts with a state that is a constant other than 0; what Carousel reads is zeros, an input of the"
              + " graph or what a layer gives");
    }
  }
}
