package dev.carousel.formats.onnx;

import dev.carousel.formats.data.FormatException;
import dev.carousel.formats.data.MappedFile;
import dev.carousel.formats.model.SavedModel;
import dev.carousel.formats.onnx.proto.ExternalData;
import dev.carousel.formats.onnx.proto.ModelProto;
import dev.carousel.formats.onnx.proto.NodeProto;
import dev.carousel.formats.onnx.proto.TensorData;
import dev.carousel.formats.onnx.proto.ValueProto;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.Objects;

/**
 * ONNX files of recurrent networks. This is no engine for graphs: a graph is recognised as layers one behind the other,
 * with whatever exporters put around them, or refused with the node that does not fit.
 */
public final class OnnxFile {
  private static final long LATEST = 22;

  private OnnxFile() {}

  /** Whether bytes have the outline of an ONNX file. */
  public static boolean looksLike(MemorySegment file) {
    return ModelProto.looksLike(file);
  }

  /** Reads a file, and those beside it that hold its large tensors; what it holds must be a recurrent network. */
  public static SavedModel read(Path file) throws IOException {
    MemorySegment bytes = MappedFile.read(file);
    ModelProto model = ModelProto.read(bytes);
    long opset = model.opsets().getOrDefault("", 1L); // the first opset had no way of saying so
    FormatException.check(opset >= 1 && opset <= LATEST, "The model counts on opset %d of ONNX; Carousel reads 1 to %d."
        + " Export it with one of these.", opset, LATEST);
    ExternalData external = new ExternalData(Objects.requireNonNullElse(file.toAbsolutePath().getParent(), file));
    String origin = origin(model, opset);
    boolean single = model.graph().inputs().stream().map(ValueProto::shape)
        .anyMatch(shape -> shape != null && shape.contains(1L));
    if (single) {
      try {
        return read(model, opset, bytes, external, origin, false);
      } catch (FormatException _) {
        // then a dimension of 1 is what it says; the second reading says what else does not fit
      }
    }
    return read(model, opset, bytes, external, origin, true);
  }

  private static SavedModel read(ModelProto model, long opset, MemorySegment bytes, ExternalData external,
      String origin, boolean fixed) throws IOException {
    Reading reading = new Reading(opset, new TensorData(external), () -> bytes.byteSize() + external.bytes());
    return new GraphReader(model.graph(), reading, fixed).read(origin);
  }

  private static String origin(ModelProto model, long opset) {
    String producer = (model.producer() + " " + model.producerVersion()).strip();
    return "ONNX, opset " + opset + (producer.isEmpty() ? "" : ", by " + NodeProto.shortened(producer));
  }
}
