package dev.carousel.bench;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorShapeProto;
import ai.onnx.proto.OnnxMl.TypeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import java.util.List;

/** One step of one LSTM layer as an ONNX model: states in, states out, for any number of rows. */
final class OnnxStep {
  static final String HIDDEN = "h"; // [1][batch][hidden]
  static final String CELL = "c";
  static final String NEXT_HIDDEN = "next_h";
  static final String NEXT_CELL = "next_c";
  private static final String ROWS = "batch";

  private OnnxStep() {}

  static byte[] bytes(Workload workload) {
    Shape shape = workload.shape();
    if (shape.cell() != Cell.LSTM || shape.layers() != 1 || shape.directions() != 1) {
      throw new UnsupportedOperationException("Streams are stepped through one LSTM layer, and this is " + shape + ".");
    }
    OnnxWeights weights = new OnnxWeights(workload, 0);
    NodeProto node = NodeProto.newBuilder().setOpType("LSTM")
        .addAllInput(List.of(OnnxModel.INPUT, "W", "R", "B", "", HIDDEN, CELL))
        .addAllOutput(List.of("", NEXT_HIDDEN, NEXT_CELL)).addAttribute(AttributeProto.newBuilder()
            .setName("hidden_size").setType(AttributeProto.AttributeType.INT).setI(shape.hidden()))
        .build();
    GraphProto graph = GraphProto.newBuilder().setName("step").addInput(value(OnnxModel.INPUT, shape.inputs()))
        .addInput(value(HIDDEN, shape.hidden())).addInput(value(CELL, shape.hidden()))
        .addOutput(value(NEXT_HIDDEN, shape.hidden())).addOutput(value(NEXT_CELL, shape.hidden()))
        .addInitializer(weights.matrix("W", "input", shape.inputs()))
        .addInitializer(weights.matrix("R", "recurrent", shape.hidden())).addInitializer(weights.biases("B"))
        .addNode(node).build();
    return ModelProto.newBuilder().setIrVersion(OnnxModel.IR_VERSION).setGraph(graph)
        .addOpsetImport(OperatorSetIdProto.newBuilder().setVersion(OnnxModel.OPSET)).build().toByteArray();
  }

  /** {@code [1][batch][columns]}. */
  private static ValueInfoProto value(String name, int columns) {
    TensorShapeProto.Builder sizes = TensorShapeProto.newBuilder()
        .addDim(TensorShapeProto.Dimension.newBuilder().setDimValue(1))
        .addDim(TensorShapeProto.Dimension.newBuilder().setDimParam(ROWS))
        .addDim(TensorShapeProto.Dimension.newBuilder().setDimValue(columns));
    return ValueInfoProto.newBuilder().setName(name).setType(TypeProto.newBuilder().setTensorType(
        TypeProto.Tensor.newBuilder().setElemType(TensorProto.DataType.FLOAT_VALUE).setShape(sizes))).build();
  }
}
