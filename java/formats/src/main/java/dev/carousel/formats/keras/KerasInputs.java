package dev.carousel.formats.keras;

import dev.carousel.Network.Input;
import dev.carousel.formats.data.FormatException;
import dev.carousel.formats.data.NdArray;
import dev.carousel.formats.json.Json;
import dev.carousel.formats.keras.LayerWeights.Part;
import dev.carousel.formats.keras.Signal.Form;
import dev.carousel.formats.keras.Signal.Tail;
import dev.carousel.spi.form.Axis;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A model's inputs, as their shapes and the layers that read them say: a row or an index for each step, or one for each
 * sequence.
 *
 * @param names as Keras has them
 */
record KerasInputs(List<String> names, List<Signal> signals) {
  private static final Set<String> PASSING = Set.of("Masking", "Dropout", "SpatialDropout1D", "GaussianNoise",
      "GaussianDropout", "AlphaDropout", "ActivityRegularization", "Activation", "ReLU", "LeakyReLU", "ELU");

  /** An input as it is looked at: its sizes behind the batch, 0 where any is taken; none where the file has none. */
  private record Seen(String name, Optional<List<Integer>> sizes, Optional<Reader> reader) {
    boolean indices() {
      return reader.isPresent() && reader.get().layer().className().equals("Embedding");
    }

    /** How many steps there are, 0 for any; -1 where it is no sequence. */
    int steps() throws FormatException {
      int rank = sizes.map(List::size).orElse(indices() ? 1 : 2);
      FormatException.check(rank <= (indices() ? 1 : 2),
          "The model's input %s has %d dimensions, and its first layer, %s,"
              + " takes %d.",
          name, rank + 1, reader.map(Reader::layer).map(LayerConfig::name).orElse("none"),
          indices() ? 2 : 3);
      boolean sequence = rank == (indices() ? 1 : 2) || scores();
      return !sequence ? -1 : sizes.isPresent() ? sizes.get().getFirst() : 0;
    }

    /** Whether it is a number a step, which the first layer gives its dimension. */
    boolean scores() throws FormatException {
      if (indices() || sizes.isEmpty() || sizes.get().size() != 1 || reader.isEmpty()
          || !reader.get().layer().className().equals("Reshape")) {
        return false;
      }
      List<Json> target = reader.get().layer().config().get("target_shape").items();
      return target.size() == 2 && target.get(1).whole() == 1 && target.getFirst().whole() != 1;
    }
  }

  /** The first layer behind an input that says what it takes, with where its weights are. */
  private record Reader(LayerConfig layer, LayerWeights source) {}

  static KerasInputs of(KerasConfig config, LayerWeights source, KerasVersion version, KerasGraph graph)
      throws FormatException {
    List<Seen> seen = new ArrayList<>();
    for (Reference reference : config.inputs()) {
      LayerConfig layer = config.called(reference).layer();
      layer.check(layer.className().equals("InputLayer"), "is to be an input, and is no InputLayer");
      Optional<List<Integer>> shape = shape(config, version, reference);
      layer.check(shape.isEmpty() || !shape.get().isEmpty(), "has no dimension, not even one of the batch");
      seen.add(new Seen(layer.name(), shape.map(sizes -> sizes.subList(1, sizes.size())),
          reader(config, source, version, reference, 0)));
    }
    int steps = 0;
    for (Seen input : seen) {
      int own = input.steps();
      FormatException.check(own <= 1 || steps <= 1 || own == steps,
          "The model's inputs have %d and %d steps. Carousel runs"
              + " all inputs of a model over the same ones.",
          steps, own);
      steps = Math.max(steps, own);
    }
    boolean any = false;
    for (Seen input : seen) {
      any |= input.steps() == 0 || input.steps() > 1;
    }
    List<Signal> signals = new ArrayList<>();
    for (Seen input : seen) {
      signals.add(signal(input, any, graph));
    }
    graph.steps(steps);
    return new KerasInputs(seen.stream().map(Seen::name).toList(), signals);
  }

  /** The shape that an input says, or that of a model which is the first to read it. */
  private static Optional<List<Integer>> shape(KerasConfig config, KerasVersion version, Reference of)
      throws FormatException {
    Optional<List<Integer>> own = config.called(of).layer().shape("batch_shape", "batch_input_shape");
    Optional<Called> model = config.readers(of).stream()
        .filter(called -> KerasConfig.isModel(called.layer().className())).findFirst();
    if (own.isPresent() || model.isEmpty()) {
      return own;
    }
    KerasConfig inner = KerasConfig.of(model.get().layer().written(), version);
    return shape(inner, version, inner.inputs().get(place(model.get(), of, inner)));
  }

  /** Which of a model's inputs a tensor is given to. */
  private static int place(Called model, Reference of, KerasConfig inner) throws FormatException {
    int place = model.calls().stream().mapToInt(call -> call.indexOf(of)).max().orElse(0);
    model.layer().check(place >= 0 && place < inner.inputs().size(), "is a model of %d inputs, and is given more",
        inner.inputs().size());
    return place;
  }

  private static Signal signal(Seen input, boolean single, KerasGraph graph)
      throws FormatException {
    String name = graph.name(input.name());
    int steps = input.steps();
    boolean perStep = steps >= 0 && !(single && steps == 1);
    boolean scores = input.scores();
    int width = input.indices() || scores ? 1 : width(input);
    graph.input(new Input(name, width, perStep, input.indices()));
    Form form = !perStep ? steps < 0 ? Form.ROW : Form.SINGLE
        : scores || input.indices() ? Form.SCORES : Form.SEQUENCE;
    return new Signal(name, form, width, Axis.RUN, false, false, Tail.OTHER, input.indices());
  }

  /** The features of a row, as the shape or the first layer's weights say. */
  private static int width(Seen input) throws FormatException {
    int said = input.sizes().map(List::getLast).orElse(0);
    if (said > 0) {
      return said;
    }
    FormatException.check(input.reader().isPresent(), "The model's input %s does not say how many features it has.",
        input.name());
    Reader reader = input.reader().orElseThrow();
    LayerConfig layer = reader.layer();
    NdArray kernel = switch (layer.className()) {
      case "Bidirectional" -> reader.source().of(layer, Part.FORWARD, Cell.names(layer.inner("layer"))).getFirst();
      case "TimeDistributed" -> reader.source().of(layer, Part.WRAPPED, names(layer.inner("layer"))).getFirst();
      case "RNN" -> reader.source().of(layer, Part.CELL, Cell.names(layer.inner("cell"))).getFirst();
      case "LSTM", "GRU", "SimpleRNN", "CuDNNLSTM", "CuDNNGRU" ->
        reader.source().of(layer, Part.CELL, Cell.names(layer)).getFirst();
      case "Dense", "Conv1D" -> reader.source().of(layer, Part.OWN, names(layer)).getFirst();
      default -> throw layer.refusal("is the first of a model that does not say how many features its input has");
    };
    long rows = kernel.rank() < 2 ? 0 : kernel.size(kernel.rank() - 2);
    layer.check(rows > 0 && rows <= Integer.MAX_VALUE / 8, "has a kernel of %s", kernel);
    return (int) rows;
  }

  private static List<String> names(LayerConfig layer) throws FormatException {
    return layer.flag("use_bias", true) ? List.of("kernel", "bias") : List.of("kernel");
  }

  private static Optional<Reader> reader(KerasConfig config, LayerWeights source, KerasVersion version, Reference of,
      int depth) throws FormatException {
    List<Called> readers = config.readers(of);
    Optional<Called> first = readers.stream().filter(called -> called.layer().className().equals("Embedding"))
        .findFirst()
        .or(() -> readers.stream().findFirst());
    if (first.isEmpty() || depth > config.layers().size() + 1) {
      return Optional.empty();
    }
    LayerConfig layer = first.get().layer();
    if (KerasConfig.isModel(layer.className())) {
      KerasConfig inner = KerasConfig.of(layer.written(), version);
      return reader(inner, source.within(layer), version, inner.inputs().get(place(first.get(), of, inner)), 0);
    }
    return PASSING.contains(layer.className())
        ? reader(config, source, version, Reference.of(first.get().layer().name()), depth + 1)
        : Optional.of(new Reader(layer, source));
  }
}
