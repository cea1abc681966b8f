package dev.carousel.formats.onnx;

import dev.carousel.Network;
import dev.carousel.formats.data.Element;
import dev.carousel.formats.data.FormatException;
import dev.carousel.formats.model.Axis;
import dev.carousel.formats.model.Padding;
import dev.carousel.formats.model.Port;
import dev.carousel.formats.model.SavedModel;
import dev.carousel.formats.model.Signature;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * ONNX files of models, for onnxruntime and others to run: the recurrent operators of opset 14, with the model's own
 * inputs and outputs around them.
 *
 * <p>Three rules of Carousel are not ONNX's. An input of states may not be left out. An index into an embedding must be
 * a row of its table behind a sequence's end, too. And where no input says so, all sequences have all steps.
 */
public final class OnnxWriter {
  private final SavedModel model;
  private final Signature signature;
  private final WrittenGraph graph;
  private final WrittenAxes axes;
  private final WrittenStates states;
  private @Nullable WrittenLengths lengths;

  private OnnxWriter(SavedModel model) throws FormatException {
    this.model = model;
    signature = model.signature();
    graph = new WrittenGraph(signature.inputs(), signature.outputs());
    axes = new WrittenAxes(graph);
    states = new WrittenStates(graph, axes, model.network());
  }

  /**
   * Writes a model. Weights that make the file larger than protobuf's 2 GB go to another one beside it, whose name is
   * this one's and {@code .data}. What has no form in ONNX is a {@link FormatException}, and no file is written.
   */
  public static void write(Path file, SavedModel model) throws IOException {
    write(file, model, Integer.MAX_VALUE);
  }

  /** The same with another number of bytes in place of protobuf's. */
  static void write(Path file, SavedModel model, long limit) throws IOException {
    new WrittenFile(file, new OnnxWriter(model).graph()).write(limit);
  }

  private WrittenGraph graph() throws FormatException {
    FormatException.check(signature.mask().isEmpty(), "The model takes steps whose features are %s as not valid, and"
        + " ONNX has no form for that. Give it an input of lengths, and no mask.", signature.mask().orElse(0f));
    Map<String, String> inputs = new LinkedHashMap<>();
    for (Port port : signature.inputs()) {
      check(port);
      switch (port.content()) {
        case ROWS -> rows(port, inputs);
        case STATES -> states.given(port, cast(port.name() + ".floats", port.name(), port.element(), Element.F32));
        case LENGTHS -> lengths(port);
        case RESULTS -> throw FormatException.of("The input %s is one of results, which only an output holds.",
            port.name());
      }
    }
    WrittenNodes nodes = new WrittenNodes(model, graph, lengths, states, inputs);
    for (Port port : signature.outputs()) {
      check(port);
      output(port, nodes);
    }
    graph.prune();
    return graph;
  }

  /** The inputs of the network that a port holds side by side. */
  private void rows(Port port, Map<String, String> inputs) throws FormatException {
    boolean indices = model.network().rows(port.parts().getFirst()).indices();
    for (String part : port.parts()) {
      FormatException.check(model.network().rows(part).indices() == indices,
          "The input %s holds floats and indices side"
              + " by side, which ONNX gives one type. Make it two inputs.",
          port.name());
    }
    String value = indices
        ? port.element().integer() ? port.name()
            : cast(port.name() + ".indices", port.name(), port.element(), Element.I64)
        : cast(port.name() + ".floats", port.name(), port.element(), Element.F32);
    String all = axes.turn(port.name() + ".rows", value, port.axes(), rowAxes(port, indices));
    int first = 0;
    for (String part : port.parts()) {
      int width = model.network().rows(part).width();
      inputs.put(part, port.parts().size() == 1 ? all : part(port.name() + "." + part, all, first, width, indices));
      first += width;
    }
  }

  /** Columns of rows; of a single index without its dimension. */
  private String part(String name, String rows, int first, int width, boolean indices) {
    return indices && width == 1
        ? graph.node("Gather", name, List.of(rows, graph.integer(name + ".first", first)),
            WrittenAttribute.of("axis", -1))
        : graph.node("Slice", name, List.of(rows, graph.integers(name + ".first", first),
            graph.integers(name + ".end", first + width), graph.integers(name + ".axis", -1)));
  }

  private List<Axis> rowAxes(Port port, boolean indices) {
    List<Axis> rowAxes = new ArrayList<>(List.of(Axis.BATCH));
    if (model.network().rows(port.parts().getFirst()).perStep()) {
      rowAxes.addFirst(Axis.STEPS);
    }
    if (!indices || port.columns() > 1) {
      rowAxes.add(Axis.columns(port.columns()));
    }
    return rowAxes;
  }

  private void lengths(Port port) throws FormatException {
    FormatException.check(lengths == null, "The model has two inputs of lengths, the second %s.", port.name());
    FormatException.check(signature.padding() != Padding.REPEAT,
        "The model repeats the row of a sequence's last step behind its end, and ONNX's operators put zeros there. Give"
            + " it another rule for the padding, or no input of lengths.");
    String value = axes.turn(port.name() + ".lengths", port.name(), port.axes(), List.of(Axis.BATCH));
    lengths = new WrittenLengths(graph, value, port.element());
  }

  private void output(Port port, WrittenNodes nodes) throws FormatException {
    String value = switch (port.content()) {
      case RESULTS -> results(port, nodes);
      case STATES -> {
        nodes.write(model.network().outputs().getFirst().name()); // all nodes, of which the states come
        yield states.taken(port);
      }
      case ROWS, LENGTHS -> throw FormatException.of("The output %s is one of %s, which only an input holds.",
          port.name(), port.content());
    };
    graph.output(port, cast(port.name() + ".cast", value, Element.F32, port.element()));
  }

  private String results(Port port, WrittenNodes nodes) throws FormatException {
    List<String> parts = new ArrayList<>();
    for (String part : port.parts()) {
      parts.add(nodes.write(part));
    }
    Network.Rows rows = model.network().rows(port.parts().getFirst());
    List<Axis> resultAxes = new ArrayList<>(List.of(Axis.BATCH, Axis.columns(port.columns())));
    if (rows.perStep()) {
      resultAxes.addFirst(Axis.STEPS);
    }
    if (!rows.axis().equals(dev.carousel.spi.form.Axis.RUN)) {
      graph.steps(port, port.name() + "_steps");
    }
    String all = parts.size() == 1 ? parts.getFirst()
        : graph.node("Concat", port.name() + ".beside", parts, WrittenAttribute.of("axis", -1));
    return axes.turn(port.name() + ".results", all, resultAxes, port.axes());
  }

  private String cast(String name, String value, Element from, Element to) {
    return from == to ? value
        : graph.node("Cast", name, List.of(value), WrittenAttribute.of("to", WrittenGraph.number(to)));
  }

  /** A port has dimensions of steps and of the batch where the rows have them, and of steps only where it may. */
  private void check(Port port) throws FormatException {
    boolean perStep = (port.content() == Port.Content.ROWS || port.content() == Port.Content.RESULTS)
        && model.network().rows(port.parts().getFirst()).perStep();
    FormatException.check(port.hasBatch() || !signature.rows().hasBatch(),
        "%s, %s, has no dimension for the batch, and %s has one.", port.name(), port.dimensions(),
        signature.rows().name());
    boolean any = signature.inputs().stream().anyMatch(Port::hasSteps);
    FormatException.check(perStep ? port.hasSteps() || !any : !port.hasSteps(),
        "%s, %s, is of %s, which there is once a %s.", port.name(), port.dimensions(), port.content(),
        perStep ? "step" : "sequence");
  }
}
