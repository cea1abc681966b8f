package dev.carousel.bench;

import ai.onnx.proto.OnnxMl.TensorProto;
import com.google.protobuf.ByteString;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** The weights of a layer in ONNX's layout: one direction after the other, the gates in ONNX's order. */
record OnnxWeights(Workload workload, int layer) {
  /** {@code [directions][gates * hidden][columns]}. */
  TensorProto matrix(String name, String tensor, int columns) {
    Shape shape = workload.shape();
    int rows = shape.cell().gates() * shape.hidden();
    ByteBuffer raw = buffer(Math.multiplyExact(shape.directions() * rows, columns));
    for (String direction : shape.directionNames()) {
      gates(raw, workload.tensor(layer, direction, tensor));
    }
    return tensor(name, raw, shape.directions(), rows, columns);
  }

  /** {@code [directions][2 * gates * hidden]}: of the input, then of the recurrent product. */
  TensorProto biases(String name) {
    Shape shape = workload.shape();
    int rows = 2 * shape.cell().gates() * shape.hidden();
    ByteBuffer raw = buffer(shape.directions() * rows);
    for (String direction : shape.directionNames()) {
      gates(raw, workload.tensor(layer, direction, "bias"));
      gates(raw, workload.recurrentBias(layer, direction));
    }
    return tensor(name, raw, shape.directions(), rows);
  }

  private static ByteBuffer buffer(int values) {
    return ByteBuffer.allocate(Math.multiplyExact(4, values)).order(ByteOrder.LITTLE_ENDIAN);
  }

  private void gates(ByteBuffer raw, float[] values) {
    Cell cell = workload.shape().cell();
    int part = values.length / cell.gates();
    for (int gate : cell.onnxOrder()) {
      for (int i = gate * part; i < (gate + 1) * part; i++) {
        raw.putFloat(values[i]);
      }
    }
  }

  private static TensorProto tensor(String name, ByteBuffer raw, int... sizes) {
    TensorProto.Builder tensor = TensorProto.newBuilder().setName(name).setDataType(TensorProto.DataType.FLOAT_VALUE);
    for (int size : sizes) {
      tensor.addDims(size);
    }
    return tensor.setRawData(ByteString.copyFrom(raw.flip())).build();
  }
}
