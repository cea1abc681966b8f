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
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;

/**
 * A small tagger as an ONNX file, laid out as PyTorch's exporter lays it out: two bidirectional LSTM layers, 40 to 2 x 48
 * and 96 to 2 x 48, and a linear layer to 10 labels with softmax, for any number of steps and sequences.
 */
final class TaggerFile {
  static final int INPUTS = 40;
  private static final int LABELS = 10;
  private static final Shape STACK = Shape.parse("tagger lstm 1 1 " + INPUTS + " 48 2 2");
  private static final long SEED = 7;

  private final Workload stack = Workload.of(STACK); // for its weights
  private final GraphProto.Builder graph = GraphProto.newBuilder().setName("tagger");

  private TaggerFile() {}

  static void write(Path file) throws IOException {
    Files.write(file, new TaggerFile().model().toByteArray());
  }

  private ModelProto model() {
    graph.addInput(value("frames", INPUTS)).addOutput(value("scores", LABELS));
    // [steps][batch][both directions' units]: zeros keep a size, -1 is what is left
    graph.addInitializer(TensorProto.newBuilder().setName("rows").setDataType(TensorProto.DataType.INT64_VALUE)
        .addDims(3).addAllInt64Data(List.of(0L, 0L, -1L)));
    String rows = layer(1, layer(0, "frames"));
    graph.addInitializer(random("head.weight", STACK.outputs(), LABELS)).addInitializer(random("head.bias", LABELS));
    node("MatMul", "products", rows, "head.weight");
    node("Add", "sums", "products", "head.bias");
    graph.addNode(NodeProto.newBuilder().setOpType("Softmax").addInput("sums").addOutput("scores")
        .addAttribute(integer("axis", 2)));
    return ModelProto.newBuilder().setIrVersion(OnnxModel.IR_VERSION).setProducerName("carousel").setGraph(graph)
        .addOpsetImport(OperatorSetIdProto.newBuilder().setVersion(OnnxModel.OPSET)).build();
  }

  /** The name of the rows that a layer gives. */
  private String layer(int layer, String input) {
    OnnxWeights weights = new OnnxWeights(stack, layer);
    graph.addInitializer(weights.matrix("W" + layer, "input", STACK.inputs(layer)));
    graph.addInitializer(weights.matrix("R" + layer, "recurrent", STACK.hidden()));
    graph.addInitializer(weights.biases("B" + layer));
    graph.addNode(NodeProto.newBuilder().setOpType("LSTM")
        .addAllInput(List.of(input, "W" + layer, "R" + layer, "B" + layer)).addOutput("Y" + layer)
        .addAttribute(integer("hidden_size", STACK.hidden()))
        .addAttribute(AttributeProto.newBuilder().setName("direction").setType(AttributeProto.AttributeType.STRING)
            .setS(ByteString.copyFromUtf8("bidirectional"))));
    graph.addNode(NodeProto.newBuilder().setOpType("Transpose").addInput("Y" + layer).addOutput("turned" + layer)
        .addAttribute(AttributeProto.newBuilder().setName("perm").setType(AttributeProto.AttributeType.INTS)
            .addAllInts(List.of(0L, 2L, 1L, 3L))));
    return node("Reshape", "rows" + layer, "turned" + layer, "rows");
  }

  private String node(String type, String output, String... inputs) {
    graph.addNode(NodeProto.newBuilder().setOpType(type).addAllInput(List.of(inputs)).addOutput(output));
    return output;
  }

  private static AttributeProto integer(String name, int value) {
    return AttributeProto.newBuilder().setName(name).setType(AttributeProto.AttributeType.INT).setI(value).build();
  }

  private static TensorProto random(String name, int... sizes) {
    SplittableRandom random = new SplittableRandom(SEED);
    TensorProto.Builder tensor = TensorProto.newBuilder().setName(name).setDataType(TensorProto.DataType.FLOAT_VALUE);
    int count = 1;
    for (int size : sizes) {
      tensor.addDims(size);
      count *= size;
    }
    ByteBuffer values = ByteBuffer.allocate(4 * count).order(ByteOrder.LITTLE_ENDIAN);
    while (values.hasRemaining()) {
      values.putFloat((float) (2 * random.nextDouble() - 1));
    }
    return tensor.setRawData(ByteString.copyFrom(values.flip())).build();
  }

  /** {@code [steps][batch][columns]}. */
  private static ValueInfoProto value(String name, int columns) {
    TensorShapeProto.Builder sizes = TensorShapeProto.newBuilder()
        .addDim(TensorShapeProto.Dimension.newBuilder().setDimParam("steps"))
        .addDim(TensorShapeProto.Dimension.newBuilder().setDimParam("batch"))
        .addDim(TensorShapeProto.Dimension.newBuilder().setDimValue(columns));
    return ValueInfoProto.newBuilder().setName(name).setType(TypeProto.newBuilder().setTensorType(
        TypeProto.Tensor.newBuilder().setElemType(TensorProto.DataType.FLOAT_VALUE).setShape(sizes))).build();
  }
}
