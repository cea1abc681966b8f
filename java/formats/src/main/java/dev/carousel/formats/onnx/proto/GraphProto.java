package dev.carousel.formats.onnx.proto;

import dev.carousel.formats.data.FormatException;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/** Nodes in an order in which they can be computed, with the constants, inputs and outputs around them. */
public record GraphProto(List<NodeProto> nodes, List<TensorProto> constants, List<ValueProto> inputs,
    List<ValueProto> outputs) {

  /** Reads all but the numbers of the constants. */
  public static GraphProto read(MemorySegment message) throws FormatException {
    List<NodeProto> nodes = new ArrayList<>();
    List<TensorProto> constants = new ArrayList<>();
    List<ValueProto> inputs = new ArrayList<>();
    List<ValueProto> outputs = new ArrayList<>();
    Wire wire = new Wire(message, "graph");
    while (wire.next()) {
      switch (wire.field()) {
        case 1 -> nodes.add(NodeProto.read(wire.bytes()));
        case 5 -> constants.add(TensorProto.read(wire.bytes()));
        case 11 -> inputs.add(ValueProto.read(wire.bytes()));
        case 12 -> outputs.add(ValueProto.read(wire.bytes()));
        default -> wire.skip();
      }
    }
    return new GraphProto(nodes, constants, inputs, outputs);
  }
}
