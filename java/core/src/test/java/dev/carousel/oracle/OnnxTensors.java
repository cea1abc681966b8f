package dev.carousel.oracle;

import ai.onnx.proto.OnnxMl.TensorProto;
import com.google.protobuf.ByteString;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.stream.IntStream;

/** ONNX's tensors of float and of int32, read and written. */
final class OnnxTensors {
  private OnnxTensors() {}

  static Block read(TensorProto tensor) {
    int[] shape = tensor.getDimsList().stream().mapToInt(Math::toIntExact).toArray();
    ByteBuffer raw = tensor.getRawData().asReadOnlyByteBuffer().order(ByteOrder.LITTLE_ENDIAN);
    int count = raw.remaining() / 4;
    double[] values = switch (TensorProto.DataType.forNumber(tensor.getDataType())) {
      case FLOAT -> raw.hasRemaining()
          ? IntStream.range(0, count).mapToDouble(i -> raw.getFloat(4 * i)).toArray()
          : tensor.getFloatDataList().stream().mapToDouble(Float::doubleValue).toArray();
      case INT32 -> raw.hasRemaining()
          ? IntStream.range(0, count).mapToDouble(i -> raw.getInt(4 * i)).toArray()
          : tensor.getInt32DataList().stream().mapToDouble(Integer::doubleValue).toArray();
      default -> throw new IllegalArgumentException(tensor.getName() + " is of type " + tensor.getDataType());
    };
    return Block.of(values, shape);
  }

  static TensorProto write(String name, Block block) {
    TensorProto.Builder tensor = TensorProto.newBuilder().setName(name).setDataType(TensorProto.DataType.FLOAT_VALUE);
    for (int size : block.shape()) {
      tensor.addDims(size);
    }
    float[] values = block.floats();
    ByteBuffer raw = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
    raw.asFloatBuffer().put(values);
    return tensor.setRawData(ByteString.copyFrom(raw)).build();
  }
}
