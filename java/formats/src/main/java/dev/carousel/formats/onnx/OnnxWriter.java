package dev.carousel.formats.onnx;

import dev.carousel.Recurrent;
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
import java.util.List;
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
    FormatException.check(model.network().layers().stream().anyMatch(Recurrent.class::isInstance),
        "The network has no recurrent layer, and in an ONNX graph nothing else says which dimension counts the steps and"
            + " which the sequences. Keep the model in Carousel's own format.");
    FormatException.check(signature.mask().isEmpty(), "The model takes steps whose features are %s as not valid, and"
        + " ONNX has no form for that. Give it an input of lengths, and no mask.", signature.mask().orElse(0f));
    String rows = "";
    for (Port port : signature.inputs()) {
      check(port);
      switch (port.content()) {
        case ROWS -> rows = axes.turn(port.name() + ".rows", rows(port), port.axes(), rowAxes());
        case STATES -> states.given(port, cast(port.name() + ".floats", port.name(), port.element(), Element.F32));
        case LENGTHS -> lengths(port);
        case RESULTS -> throw FormatException.of("The input %s is one of results, which only an output holds.",
            port.name());
      }
    }
    String results = new WrittenLayers(model, graph, lengths, states, rows).write();
    for (Port port : signature.outputs()) {
      check(port);
      output(port, results);
    }
    graph.prune();
    return graph;
  }

  private String rows(Port port) {
    if (!model.network().takesIndices()) {
      return cast(port.name() + ".floats", port.name(), port.element(), Element.F32);
    }
    return port.element().integer() ? port.name()
        : cast(port.name() + ".indices", port.name(), port.element(), Element.I64);
  }

  private List<Axis> rowAxes() {
    return model.network().takesIndices() ? List.of(Axis.STEPS, Axis.BATCH)
        : List.of(Axis.STEPS, Axis.BATCH, Axis.columns(model.network().input().width()));
  }

  private void lengths(Port port) throws FormatException {
    FormatException.check(lengths == null, "The model has two inputs of lengths, the second %s.", port.name());
    FormatException.check(signature.padding() != Padding.REPEAT,
        "The model repeats the row of a sequence's last step behind its end, and ONNX's operators put zeros there. Give"
            + " it another rule for the padding, or no input of lengths.");
    String value = axes.turn(port.name() + ".lengths", port.name(), port.axes(), List.of(Axis.BATCH));
    lengths = WrittenLengths.of(graph, value, port.element());
  }

  private void output(Port port, String results) throws FormatException {
    String value = switch (port.content()) {
      case RESULTS -> axes.turn(port.name() + ".results", results, resultAxes(), port.axes());
      case STATES -> states.taken(port);
      case ROWS, LENGTHS -> throw FormatException.of("The output %s is one of %s, which only an input holds.",
          port.name(), port.content());
    };
    graph.output(port, cast(port.name() + ".cast", value, Element.F32, port.element()));
  }

  private List<Axis> resultAxes() {
    List<Axis> resultAxes = new ArrayList<>(List.of(Axis.BATCH, Axis.columns(model.network().output().width())));
    if (model.network().returnsSequence()) {
      resultAxes.addFirst(Axis.STEPS);
    }
    return resultAxes;
  }

  private String cast(String name, String value, Element from, Element to) {
    return from == to ? value
        : graph.node("Cast", name, List.of(value), WrittenAttribute.of("to", WrittenGraph.number(to)));
  }

  /** A port has dimensions of steps and of the batch where the rows have them, and of steps only where it may. */
  private void check(Port port) throws FormatException {
    boolean perStep = port.content() == Port.Content.ROWS
        || (port.content() == Port.Content.RESULTS && model.network().returnsSequence());
    boolean batch = port.axes().contains(Axis.BATCH);
    FormatException.check(batch || !signature.rows().axes().contains(Axis.BATCH),
        "%s, %s, has no dimension for the batch, and %s has one.", port.name(), port.dimensions(),
        signature.rows().name());
    boolean steps = steps(port);
    FormatException.check(perStep ? steps || !steps(signature.rows()) : !steps,
        "%s, %s, is of %s, which there is once a %s.", port.name(), port.dimensions(), port.content(),
        perStep ? "step" : "sequence");
  }

  private static boolean steps(Port port) {
    return port.axes().contains(Axis.STEPS) || port.axes().contains(Axis.REVERSED_STEPS);
  }
}
