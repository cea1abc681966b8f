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
import com.google.protobuf.ByteString;
import java.util.List;

/**
 * Writes a workload as an ONNX model: one node for each layer, its weights in initializers, only the sequence as
 * output. Between the layers of a stack the directions are laid side by side, with a Transpose and a Reshape.
 */
final class OnnxModel {
  static final String INPUT = "X"; // [steps][batch][inputs]
  static final String LENGTHS = "sequence_lens"; // [batch], only where the batch is ragged
  static final String OUTPUT = "Y"; // [steps][directions][batch][hidden]
  static final int IR_VERSION = 8;
  static final int OPSET = 14;

  private final Workload workload;
  private final Shape shape;
  private final GraphProto.Builder graph = GraphProto.newBuilder().setName("race");

  private OnnxModel(Workload workload) {
    this.workload = workload;
    shape = workload.shape();
  }

  static byte[] bytes(Workload workload) {
    return new OnnxModel(workload).model().toByteArray();
  }

  private ModelProto model() {
    graph.addInput(value(INPUT, TensorProto.DataType.FLOAT_VALUE, shape.steps(), shape.batch(), shape.inputs()));
    if (workload.lengths() != null) {
      graph.addInput(value(LENGTHS, TensorProto.DataType.INT32_VALUE, shape.batch()));
    }
    String input = INPUT;
    for (int layer = 0; layer < shape.layers(); layer++) {
      boolean last = layer == shape.layers() - 1;
      String output = last ? OUTPUT : "Y" + layer;
      layer(layer, input, output);
      input = last ? output : sideBySide(output);
    }
    graph.addOutput(value(OUTPUT, TensorProto.DataType.FLOAT_VALUE, shape.steps(), shape.directions(), shape.batch(),
        shape.hidden()));
    return ModelProto.newBuilder().setIrVersion(IR_VERSION).setGraph(graph)
        .addOpsetImport(OperatorSetIdProto.newBuilder().setVersion(OPSET)).build();
  }

  private void layer(int layer, String input, String output) {
    OnnxWeights weights = new OnnxWeights(workload, layer);
    graph.addInitializer(weights.matrix("W" + layer, "input", shape.inputs(layer)));
    graph.addInitializer(weights.matrix("R" + layer, "recurrent", shape.hidden()));
    graph.addInitializer(weights.biases("B" + layer));
    NodeProto.Builder node = NodeProto.newBuilder().setOpType(shape.cell().name())
        .addAllInput(List.of(input, "W" + layer, "R" + layer, "B" + layer)).addOutput(output)
        .addAttribute(integer("hidden_size", shape.hidden()))
        .addAttribute(AttributeProto.newBuilder().setName("direction").setType(AttributeProto.AttributeType.STRING)
            .setS(ByteString.copyFromUtf8(shape.directions() == 2 ? "bidirectional" : "forward")));
    if (workload.lengths() != null) {
      node.addInput(LENGTHS);
    }
    if (shape.cell() == Cell.GRU) {
      node.addAttribute(integer("linear_before_reset", 1));
    }
    graph.addNode(node);
  }

  /** From {@code [steps][directions][batch][hidden]} to {@code [steps][batch][directions * hidden]}. */
  private String sideBySide(String name) {
    String turned = name + ".turned";
    String rows = name + ".rows";
    graph.addNode(NodeProto.newBuilder().setOpType("Transpose").addInput(name).addOutput(turned)
        .addAttribute(AttributeProto.newBuilder().setName("perm").setType(AttributeProto.AttributeType.INTS)
            .addAllInts(List.of(0L, 2L, 1L, 3L))));
    graph.addInitializer(TensorProto.newBuilder().setName(rows + ".size")
        .setDataType(TensorProto.DataType.INT64_VALUE).addDims(3)
        .addAllInt64Data(List.of((long) shape.steps(), (long) shape.batch(), (long) shape.outputs())));
    graph.addNode(NodeProto.newBuilder().setOpType("Reshape").addInput(turned).addInput(rows + ".size")
        .addOutput(rows));
    return rows;
  }

  private static AttributeProto integer(String name, int value) {
    return AttributeProto.newBuilder().setName(name).setType(AttributeProto.AttributeType.INT).setI(value).build();
  }

  private static ValueInfoProto value(String name, int type, int... sizes) {
    TensorShapeProto.Builder tensorShape = TensorShapeProto.newBuilder();
    for (int size : sizes) {
      tensorShape.addDim(TensorShapeProto.Dimension.newBuilder().setDimValue(size));
    }
    return ValueInfoProto.newBuilder().setName(name).setType(TypeProto.newBuilder()
        .setTensorType(TypeProto.Tensor.newBuilder().setElemType(type).setShape(tensorShape))).build();
  }
}
