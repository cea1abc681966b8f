package dev.carousel.bench;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import java.util.HashMap;
import java.util.Map;

/**
 * onnxruntime, as fast as its Java API lets it be: input and output in direct buffers that it reads and writes in
 * place, sequential execution, its threads spinning as they do by default.
 */
final class OnnxRuntimeEngine implements Engine {
  private final Shape shape;
  private final OrtSession session;
  private final Map<String, OnnxTensor> inputs;
  private final FloatBuffer result; // [steps][directions][batch][hidden]
  private final Map<String, OnnxTensor> outputs;

  private OnnxRuntimeEngine(Workload workload, OrtSession session) throws OrtException {
    shape = workload.shape();
    this.session = session;
    OrtEnvironment environment = OrtEnvironment.getEnvironment();
    inputs = new HashMap<>();
    inputs.put(OnnxModel.INPUT, OnnxTensor.createTensor(environment,
        direct(workload.input().length).asFloatBuffer().put(workload.input()).flip(),
        new long[]{shape.steps(), shape.batch(), shape.inputs()}));
    int[] lengths = workload.lengths();
    if (lengths != null) {
      IntBuffer buffer = direct(lengths.length).asIntBuffer().put(lengths).flip();
      inputs.put(OnnxModel.LENGTHS, OnnxTensor.createTensor(environment, buffer, new long[]{shape.batch()}));
    }
    result = direct(workload.outputCount()).asFloatBuffer();
    for (int i = 0; i < result.capacity(); i++) {
      result.put(i, Float.NaN); // what is not written fails the check
    }
    outputs = Map.of(OnnxModel.OUTPUT, OnnxTensor.createTensor(environment, result,
        new long[]{shape.steps(), shape.directions(), shape.batch(), shape.hidden()}));
  }

  static Engine open(Workload workload, int threads) {
    try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
      options.setIntraOpNumThreads(threads);
      options.setInterOpNumThreads(1);
      options.setExecutionMode(OrtSession.SessionOptions.ExecutionMode.SEQUENTIAL);
      byte[] model = OnnxModel.bytes(workload);
      return new OnnxRuntimeEngine(workload, OrtEnvironment.getEnvironment().createSession(model, options));
    } catch (OrtException failure) {
      throw new IllegalStateException("onnxruntime cannot run " + workload.shape() + ": " + failure.getMessage(),
          failure);
    }
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
    int hidden = shape.hidden();
    float[] output = new float[result.capacity()];
    int from = 0;
    for (int step = 0; step < shape.steps(); step++) {
      for (int direction = 0; direction < shape.directions(); direction++) {
        for (int row = 0; row < shape.batch(); row++, from += hidden) {
          result.get(from, output, ((step * shape.batch() + row) * shape.directions() + direction) * hidden, hidden);
        }
      }
    }
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
