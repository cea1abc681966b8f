package dev.carousel.bench;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import dev.carousel.formats.model.Port;
import dev.carousel.formats.model.SavedModel;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.util.HashMap;
import java.util.Map;

/** A whole model in onnxruntime: inputs and the first output in direct buffers, states of zero, scalars that are fixed. */
final class OnnxRuntimeModel implements Engine {
  private final OrtSession session;
  private final Map<String, OnnxTensor> inputs = new HashMap<>();
  private final FloatBuffer result;
  private final Map<String, OnnxTensor> outputs = new HashMap<>();

  private OnnxRuntimeModel(WholeModel model, int batch, OrtSession session) throws OrtException {
    this.session = session;
    OrtEnvironment environment = OrtEnvironment.getEnvironment();
    SavedModel saved = model.saved();
    for (Port port : saved.signature().inputs()) {
      inputs.put(port.name(), tensor(environment, model, port, shape(port, model.steps(), batch), batch));
    }
    for (Map.Entry<String, Long> scalar : model.fixed().entrySet()) {
      LongBuffer buffer = direct(2).asLongBuffer().put(scalar.getValue()).flip();
      inputs.put(scalar.getKey(), OnnxTensor.createTensor(environment, buffer, new long[0]));
    }
    Port port = saved.signature().outputs().stream().filter(one -> one.content() == Port.Content.RESULTS).findFirst()
        .orElseThrow();
    result = direct(model.outputCount(batch)).asFloatBuffer();
    for (int i = 0; i < result.capacity(); i++) {
      result.put(i, Float.NaN); // what is not written fails the check
    }
    int steps = saved.network().rows(port.parts().getFirst()).axis().steps(model.steps());
    outputs.put(port.name(), OnnxTensor.createTensor(environment, result, shape(port, steps, batch)));
  }

  static Engine open(WholeModel model, int batch, int threads) {
    try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
      options.setIntraOpNumThreads(threads);
      options.setInterOpNumThreads(1);
      options.setExecutionMode(OrtSession.SessionOptions.ExecutionMode.SEQUENTIAL);
      return new OnnxRuntimeModel(model, batch,
          OrtEnvironment.getEnvironment().createSession(model.onnx().toString(), options));
    } catch (OrtException failure) {
      throw new IllegalStateException("onnxruntime cannot run " + model.name() + ": " + failure.getMessage(), failure);
    }
  }

  private static long[] shape(Port port, int steps, int batch) {
    return port.axes().stream().mapToLong(axis -> switch (axis.kind()) {
      case STEPS, REVERSED_STEPS -> steps;
      case BATCH -> batch;
      case COLUMNS -> axis.size();
    }).toArray();
  }

  private static OnnxTensor tensor(OrtEnvironment environment, WholeModel model, Port port, long[] shape, int batch)
      throws OrtException {
    int count = 1;
    for (long size : shape) {
      count *= (int) size;
    }
    ByteBuffer buffer = direct(count);
    if (port.content() == Port.Content.ROWS) {
      MemorySegment data = model.data(model.saved().network().inputs().stream()
          .filter(input -> input.name().equals(port.parts().getFirst())).findFirst().orElseThrow(), batch);
      for (int i = 0; i < count; i++) {
        buffer.putInt(4 * i, data.getAtIndex(ValueLayout.JAVA_INT_UNALIGNED, i)); // any bits
      }
    }
    return port.element().integer() ? OnnxTensor.createTensor(environment, buffer.asIntBuffer(), shape)
        : OnnxTensor.createTensor(environment, buffer.asFloatBuffer(), shape);
  }

  private static ByteBuffer direct(int values) {
    return ByteBuffer.allocateDirect(Math.multiplyExact(4, values)).order(ByteOrder.nativeOrder());
  }

  @Override
  public void run() {
    try (OrtSession.Result _ = session.run(inputs, outputs)) {
      // The result stands in our own buffer.
    } catch (OrtException failure) {
      throw new IllegalStateException(failure);
    }
  }

  @Override
  public float[] output() {
    float[] output = new float[result.capacity()];
    result.get(0, output);
    return output;
  }

  @Override
  public void close() {
    inputs.values().forEach(OnnxTensor::close);
    outputs.values().forEach(OnnxTensor::close);
    try {
      session.close();
    } catch (OrtException failure) {
      throw new IllegalStateException(failure);
    }
  }
}
