package dev.carousel.bench;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import dev.carousel.Devices;
import dev.carousel.Model;
import dev.carousel.Predictor;
import dev.carousel.spi.CompileOptions;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A model whose memory is measured, and its callers, each with what it needs to call beside the others. */
sealed interface Subject extends AutoCloseable {
  /** Adds a caller and lets it call once. */
  void addCaller();

  /** What the library itself says the model takes; -1 where it says nothing. */
  long modelBytes();

  /** What the library itself says a caller takes; -1 where it says nothing. */
  long callerBytes();

  @Override
  void close();

  /** A device of Carousel, or onnxruntime. */
  static Subject of(String engine, Workload workload, int threads) {
    return switch (engine) {
      case Engines.ONNXRUNTIME -> OnnxRuntime.of(workload, threads);
      default -> new Carousel(workload, Model.compile(workload.network(), workload.weights(), Devices.byId(engine),
          new CompileOptions(threads)), new ArrayList<>());
    };
  }

  /** Carousel: a caller has a {@link Predictor}. */
  record Carousel(Workload workload, Model model, List<Predictor> callers) implements Subject {
    @Override
    public void addCaller() {
      Shape shape = workload.shape();
      Predictor caller = model.newPredictor(shape.steps(), shape.batch());
      float[] _ = caller.predict(workload.input(), shape.steps(), shape.batch());
      callers.add(caller);
    }

    @Override
    public long modelBytes() {
      return model.bytes();
    }

    @Override
    public long callerBytes() {
      return callers.getFirst().bytes();
    }

    @Override
    public void close() {
      callers.forEach(Predictor::close);
      model.close();
    }
  }

  /** onnxruntime: the session is shared, a caller has input and output in direct buffers. */
  record OnnxRuntime(Workload workload, OrtSession session, List<OnnxTensor> tensors) implements Subject {
    private static OnnxRuntime of(Workload workload, int threads) {
      try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
        options.setIntraOpNumThreads(threads);
        return new OnnxRuntime(workload,
            OrtEnvironment.getEnvironment().createSession(OnnxModel.bytes(workload), options), new ArrayList<>());
      } catch (OrtException failure) {
        throw new IllegalStateException(failure);
      }
    }

    @Override
    public void addCaller() {
      Shape shape = workload.shape();
      try {
        OnnxTensor input = tensor(workload.input().length, shape.steps(), shape.batch(), shape.inputs());
        OnnxTensor output = tensor(workload.outputCount(), shape.steps(), shape.directions(), shape.batch(),
            shape.hidden());
        session.run(Map.of(OnnxModel.INPUT, input), Map.of(OnnxModel.OUTPUT, output)).close();
      } catch (OrtException failure) {
        throw new IllegalStateException(failure);
      }
    }

    private OnnxTensor tensor(int values, long... sizes) throws OrtException {
      FloatBuffer buffer = ByteBuffer.allocateDirect(4 * values).order(ByteOrder.nativeOrder()).asFloatBuffer();
      OnnxTensor tensor = OnnxTensor.createTensor(OrtEnvironment.getEnvironment(), buffer, sizes);
      tensors.add(tensor);
      return tensor;
    }

    @Override
    public long modelBytes() {
      return -1;
    }

    @Override
    public long callerBytes() {
      return -1;
    }

    @Override
    public void close() {
      tensors.forEach(OnnxTensor::close);
      try {
        session.close();
      } catch (OrtException failure) {
        throw new IllegalStateException(failure);
      }
    }
  }
}
