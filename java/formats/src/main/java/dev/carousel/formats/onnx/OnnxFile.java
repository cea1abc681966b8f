package dev.carousel.formats.onnx;

import dev.carousel.formats.data.FormatException;
import dev.carousel.formats.data.NdArray;
import dev.carousel.formats.data.Source;
import dev.carousel.formats.model.SavedModel;
import dev.carousel.formats.onnx.proto.ExternalData;
import dev.carousel.formats.onnx.proto.GraphProto;
import dev.carousel.formats.onnx.proto.ModelProto;
import dev.carousel.formats.onnx.proto.NodeProto;
import dev.carousel.formats.onnx.proto.TensorData;
import dev.carousel.formats.onnx.proto.ValueProto;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.LongSupplier;

/**
 * ONNX files of recurrent networks. This is no engine for graphs: a graph is recognised as a network of our layers, with
 * whatever exporters put between them, or refused with the node that does not fit.
 */
public final class OnnxFile {
  private static final long LATEST = 22;
  private static final int WIDTHS = 32; // that are tried of a row that is open

  private OnnxFile() {}

  /** Whether bytes have the outline of an ONNX file. */
  public static boolean looksLike(MemorySegment file) {
    return ModelProto.looksLike(file);
  }

  /** Reads a file, and those beside it that hold its large tensors; what it holds must be a recurrent network. */
  public static SavedModel read(Path file) throws IOException {
    return read(file, Map.of());
  }

  /**
   * Reads a file whose graph takes its weights as inputs, as ONNX's own tests do.
   *
   * @param constants arrays for inputs of the graph, by name, which are then inputs no more
   */
  public static SavedModel read(Path file, Map<String, NdArray> constants) throws IOException {
    return read(Source.of(file), constants);
  }

  /** The same of a file that has been read, or of what is none and has no tensors beside it. */
  public static SavedModel read(Source source, Map<String, NdArray> constants) throws IOException {
    ModelProto model = ModelProto.read(source.bytes());
    long opset = model.opsets().getOrDefault("", 1L); // the first opset had no way of saying so
    FormatException.check(opset >= 1 && opset <= LATEST, "The model counts on opset %d of ONNX; Carousel reads 1 to %d."
        + " Export it with one of these.", opset, LATEST);
    ExternalData external = new ExternalData(source.place().map(file -> Objects.requireNonNullElse(file
        .toAbsolutePath().getParent(), file)));
    LongSupplier size = () -> source.bytes().byteSize() + external.bytes() + constants.values().stream()
        .mapToLong(array -> array.data().byteSize()).sum();
    String origin = origin(model, opset);
    try {
      return read(model.graph(), assumed -> new Reading(opset, assumed, new TensorData(external), size), constants,
          origin);
    } catch (IllegalArgumentException failure) { // more memory than there is, for what a sparse file claims to hold
      throw new FormatException(source.name() + " holds more than this machine can: " + failure.getMessage(), failure);
    }
  }

  /** Reads as if a dimension of 1 might be more, as exporters see one sequence or step of many; else as it is said. */
  private static SavedModel read(GraphProto graph, Function<Assumed, Reading> readings, Map<String, NdArray> constants,
      String origin) throws IOException {
    boolean single = graph.inputs().stream().map(ValueProto::shape)
        .anyMatch(shape -> shape != null && shape.contains(1L));
    if (single) {
      try {
        return read(graph, readings, constants, origin, false);
      } catch (FormatException _) {
        // then a dimension of 1 is what it says; the second reading says what else does not fit
      }
    }
    return read(graph, readings, constants, origin, true);
  }

  /** Reads, and once more where what was taken for granted shows not to be so. */
  private static SavedModel read(GraphProto graph, Function<Assumed, Reading> readings, Map<String, NdArray> constants,
      String origin, boolean fixed) throws IOException {
    Reading first = readings.apply(new Assumed(fixed, false, false, 0));
    FormatException failure;
    try {
      SavedModel model = new GraphReader(graph, first, constants).read(origin);
      if (first.steps()) {
        return model;
      }
      failure = null;
    } catch (FormatException unread) {
      failure = unread;
    }
    if (!first.steps()) {
      return oneStep(graph, readings, constants, origin, fixed);
    }
    if (first.guessed()) {
      try {
        return new GraphReader(graph, readings.apply(new Assumed(fixed, false, true, 0)), constants).read(origin);
      } catch (FormatException _) {
        // then the first failure says what does not fit
      }
    }
    throw failure;
  }

  /**
   * Reads a graph of which a run is one step. Where it does not say how wide a row is, the widest counts that it takes and
   * that its windows leave nothing of.
   */
  private static SavedModel oneStep(GraphProto graph, Function<Assumed, Reading> readings,
      Map<String, NdArray> constants,
      String origin, boolean fixed) throws IOException {
    Reading reading = readings.apply(new Assumed(fixed, true, false, 0));
    FormatException failure;
    try {
      return new GraphReader(graph, reading, constants).read(origin);
    } catch (FormatException unread) {
      failure = unread;
    }
    if (reading.widths().isEmpty()) {
      throw failure;
    }
    Reading any = readings.apply(new Assumed(fixed, true, false, Assumed.ANY));
    attempt(new GraphReader(graph, any, constants), origin);
    Reading.Widths widths = any.widths().orElse(new Reading.Widths(0, 0));
    Optional<SavedModel> widest = Optional.empty();
    for (int i = 0; i < WIDTHS && widths.apart() > 0; i++) {
      long width = widths.first() + (long) i * widths.apart();
      Optional<SavedModel> read = width < 1 || width >= Assumed.ANY ? Optional.empty()
          : attempt(new GraphReader(graph, readings.apply(new Assumed(fixed, true, false, (int) width)), constants),
              origin);
      if (read.isEmpty() && widest.isPresent()) {
        break;
      }
      widest = read.isPresent() ? read : widest;
    }
    FormatException unread = failure;
    return widest.orElseThrow(() -> unread);
  }

  private static Optional<SavedModel> attempt(GraphReader reader, String origin) throws IOException {
    try {
      return Optional.of(reader.read(origin));
    } catch (FormatException _) {
      return Optional.empty(); // then it is another width
    }
  }

  /** The inputs of a graph, in the memory of its file, that its recurrent nodes take as their weights. */
  public static List<String> weightInputs(MemorySegment bytes) throws IOException {
    GraphProto graph = ModelProto.read(bytes).graph();
    Set<String> weights = new HashSet<>();
    for (NodeProto node : graph.nodes()) {
      if (Operators.RECURRENT.contains(node.operator())) {
        for (int index : RecurrentNode.WEIGHTS) {
          weights.add(index < node.inputs().size() ? node.inputs().get(index) : "");
        }
      }
    }
    graph.constants().forEach(constant -> weights.remove(constant.name()));
    return graph.inputs().stream().map(ValueProto::name).filter(weights::contains).toList();
  }

  private static String origin(ModelProto model, long opset) {
    String producer = (model.producer() + " " + model.producerVersion()).strip();
    return "ONNX, opset " + opset + (producer.isEmpty() ? "" : ", by " + NodeProto.shortened(producer));
  }
}
