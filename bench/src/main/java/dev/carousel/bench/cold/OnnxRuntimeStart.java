package dev.carousel.bench.cold;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import java.nio.FloatBuffer;
import java.util.Map;

/** Reads the tagger from a file with onnxruntime, runs it once and prints a sum of the result. */
public final class OnnxRuntimeStart {
  private OnnxRuntimeStart() {}

  /** The file, the width of its input, the threads, the steps and the batch. */
  public static void main(String[] arguments) throws OrtException {
    int inputs = Integer.parseInt(arguments[1]);
    int steps = Integer.parseInt(arguments[3]);
    int batch = Integer.parseInt(arguments[4]);
    OrtEnvironment environment = OrtEnvironment.getEnvironment();
    try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
      options.setIntraOpNumThreads(Integer.parseInt(arguments[2]));
      try (OrtSession session = environment.createSession(arguments[0], options);
          OnnxTensor frames = OnnxTensor.createTensor(environment, FloatBuffer.wrap(Frames.of(steps, batch, inputs)),
              new long[]{steps, batch, inputs});
          OrtSession.Result result = session.run(Map.of(session.getInputNames().iterator().next(), frames))) {
        FloatBuffer values = ((OnnxTensor) result.get(0)).getFloatBuffer();
        float[] all = new float[values.remaining()];
        values.get(all);
        System.out.println(Frames.summary(all));
      }
    }
  }
}
