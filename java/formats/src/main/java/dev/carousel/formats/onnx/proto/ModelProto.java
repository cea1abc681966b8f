package dev.carousel.formats.onnx.proto;

import dev.carousel.formats.data.FormatException;
import java.lang.foreign.MemorySegment;
import java.util.HashMap;
import java.util.Map;

/**
 * What an ONNX file holds.
 *
 * @param opsets the version of each set of operators that it counts on, by domain; that of ONNX itself is ""
 */
public record ModelProto(String producer, String producerVersion, GraphProto graph, Map<String, Long> opsets) {
  private static final int GRAPH = 7;
  private static final long OLDEST_IR = 1;
  private static final long LATEST_IR = 1000; // no version is near; bytes that are no version mostly are beyond

  /** Reads it where it lies. */
  public static ModelProto read(MemorySegment file) throws FormatException {
    String producer = "";
    String version = "";
    GraphProto graph = null;
    Map<String, Long> opsets = new HashMap<>();
    Wire wire = new Wire(file, "model");
    while (wire.next()) {
      switch (wire.field()) {
        case 2 -> producer = wire.text();
        case 3 -> version = wire.text();
        case GRAPH -> {
          FormatException.check(graph == null, "The model holds two graphs. The file is damaged.");
          graph = GraphProto.read(wire.bytes());
        }
        case 8 -> opset(wire.bytes(), opsets);
        default -> wire.skip();
      }
    }
    if (graph == null) {
      throw new FormatException("The model holds no graph. The file is damaged or not ONNX.");
    }
    return new ModelProto(producer, version, graph, Map.copyOf(opsets));
  }

  private static void opset(MemorySegment message, Map<String, Long> opsets) throws FormatException {
    String domain = "";
    long version = 0;
    Wire wire = new Wire(message, "opset");
    while (wire.next()) {
      switch (wire.field()) {
        case 1 -> domain = wire.text();
        case 2 -> version = wire.integer();
        default -> wire.skip();
      }
    }
    opsets.put(NodeProto.canonical(domain), version);
  }

  /** Whether bytes have the outline of an ONNX file: the version of its form, then other known fields, with a graph. */
  public static boolean looksLike(MemorySegment file) {
    try {
      Wire wire = new Wire(file, "model");
      if (!wire.next() || wire.field() != 1) {
        return false;
      }
      long form = wire.integer();
      if (form < OLDEST_IR || form > LATEST_IR) {
        return false;
      }
      while (wire.next()) {
        if (wire.field() == GRAPH) {
          return wire.bytesFollow();
        }
        wire.skip();
      }
      return false;
    } catch (FormatException _) {
      return false;
    }
  }
}
