package dev.carousel.formats.onnx;

import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import dev.carousel.formats.data.Element;
import dev.carousel.formats.data.NdArray;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/** Runs a file on onnxruntime. */
final class OrtRun {
  private OrtRun() {}

  /** The outputs by their names. */
  static Map<String, NdArray> run(Path file, Map<String, NdArray> inputs) throws OrtException {
    OrtEnvironment environment = OrtEnvironment.getEnvironment();
    Map<String, OnnxTensor> feeds = new LinkedHashMap<>();
    try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
      options.setIntraOpNumThreads(1);
      for (Map.Entry<String, NdArray> input : inputs.entrySet()) {
        feeds.put(input.getKey(), tensor(environment, input.getValue()));
      }
      try (OrtSession session = environment.createSession(file.toString(), options);
          OrtSession.Result result = session.run(feeds)) {
        Map<String, NdArray> outputs = new LinkedHashMap<>();
        result.forEach(output -> outputs.put(output.getKey(), array((OnnxTensor) output.getValue())));
        return outputs;
      }
    } finally {
      feeds.values().forEach(OnnxTensor::close);
    }
  }

  private static OnnxTensor tensor(OrtEnvironment environment, NdArray array) throws OrtException {
    ByteBuffer data = ByteBuffer.allocateDirect((int) array.data().byteSize()).order(ByteOrder.nativeOrder());
    MemorySegment.ofBuffer(data).copyFrom(array.data());
    return OnnxTensor.createTensor(environment, data, array.shape().stream().mapToLong(size -> size).toArray(),
        switch (array.element()) {
          case F32 -> OnnxJavaType.FLOAT;
          case F64 -> OnnxJavaType.DOUBLE;
          case F16 -> OnnxJavaType.FLOAT16;
          case BF16 -> OnnxJavaType.BFLOAT16;
          case I32 -> OnnxJavaType.INT32;
          case I64 -> OnnxJavaType.INT64;
        });
  }

  private static NdArray array(OnnxTensor tensor) {
    Element element = switch (tensor.getInfo().type) {
      case FLOAT -> Element.F32;
      case DOUBLE -> Element.F64;
      case FLOAT16 -> Element.F16;
      case BFLOAT16 -> Element.BF16;
      case INT32 -> Element.I32;
      case INT64 -> Element.I64;
      default -> throw new IllegalArgumentException(tensor.getInfo().toString());
    };
    byte[] data = new byte[tensor.getByteBuffer().remaining()];
    tensor.getByteBuffer().get(data);
    return new NdArray(element, Arrays.stream(tensor.getInfo().getShape()).boxed().toList(),
        MemorySegment.ofArray(data));
  }
}
