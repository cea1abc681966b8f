package dev.carousel.oracle;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorShapeProto;
import ai.onnx.proto.OnnxMl.TypeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Runs a node as a graph of its own on onnxruntime: weights are initializers, sequences and states are inputs. */
final class OnnxRuntime {
  private static final int IR_VERSION = 8;
  private static final int OPSET = 14;
  private static final String LENGTHS = "sequence_lens";
  private static final Set<String> FED = Set.of("X", LENGTHS, "initial_h", "initial_c");

  private OnnxRuntime() {}

  /** The node's outputs by their names. */
  static Map<String, Block> run(OnnxNode node) throws OrtException {
    OrtEnvironment environment = OrtEnvironment.getEnvironment();
    Map<String, OnnxTensor> feeds = new TreeMap<>();
    try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
      options.setIntraOpNumThreads(1);
      for (Map.Entry<String, Block> input : node.inputs().entrySet()) {
        if (FED.contains(input.getKey())) {
          feeds.put(input.getKey(), feed(environment, input.getKey(), input.getValue()));
        }
      }
      try (OrtSession session = environment.createSession(model(node).toByteArray(), options);
          OrtSession.Result result = session.run(feeds)) {
        return outputs(result);
      }
    } finally {
      feeds.values().forEach(OnnxTensor::close);
    }
  }

  private static OnnxTensor feed(OrtEnvironment environment, String name, Block block) throws OrtException {
    long[] shape = Arrays.stream(block.shape()).asLongStream().toArray();
    return name.equals(LENGTHS)
        ? OnnxTensor.createTensor(environment, IntBuffer.wrap(block.ints()), shape)
        : OnnxTensor.createTensor(environment, FloatBuffer.wrap(block.floats()), shape);
  }

  private static Map<String, Block> outputs(OrtSession.Result result) {
    Map<String, Block> outputs = new TreeMap<>();
    result.forEach(entry -> {
      OnnxTensor tensor = (OnnxTensor) entry.getValue();
      float[] values = new float[tensor.getFloatBuffer().remaining()];
      tensor.getFloatBuffer().get(values);
      int[] shape = Arrays.stream(tensor.getInfo().getShape()).mapToInt(Math::toIntExact).toArray();
      outputs.put(entry.getKey(), Block.of(values, shape));
    });
    return outputs;
  }

  private static ModelProto model(OnnxNode node) {
    GraphProto.Builder graph = GraphProto.newBuilder().setName("node").addNode(node.node());
    node.inputs().forEach((name, block) -> {
      if (FED.contains(name)) {
        graph.addInput(value(name, block));
      } else {
        graph.addInitializer(OnnxTensors.write(name, block));
      }
    });
    node.node().getOutputList().forEach(name -> graph.addOutput(ValueInfoProto.newBuilder().setName(name)
        .setType(type(TensorProto.DataType.FLOAT_VALUE, TensorShapeProto.newBuilder(), false))));
    return ModelProto.newBuilder().setIrVersion(IR_VERSION).setGraph(graph)
        .addOpsetImport(OperatorSetIdProto.newBuilder().setVersion(OPSET)).build();
  }

  private static ValueInfoProto value(String name, Block block) {
    TensorShapeProto.Builder shape = TensorShapeProto.newBuilder();
    for (int size : block.shape()) {
      shape.addDim(TensorShapeProto.Dimension.newBuilder().setDimValue(size));
    }
    int type = name.equals(LENGTHS) ? TensorProto.DataType.INT32_VALUE : TensorProto.DataType.FLOAT_VALUE;
    return ValueInfoProto.newBuilder().setName(name).setType(type(type, shape, true)).build();
  }

  /** A tensor's type; its shape where it is known. */
  private static TypeProto type(int element, TensorShapeProto.Builder shape, boolean known) {
    TypeProto.Tensor.Builder tensor = TypeProto.Tensor.newBuilder().setElemType(element);
    return TypeProto.newBuilder().setTensorType(known ? tensor.setShape(shape) : tensor).build();
  }
}
