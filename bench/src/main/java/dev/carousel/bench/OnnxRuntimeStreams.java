package dev.carousel.bench;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Streams in onnxruntime: one session, and for each group of streams two sets of states, of which a step reads one and
 * writes the other in place. Only the states are fetched, since the new hidden state is the output of a single step.
 */
final class OnnxRuntimeStreams implements Streams {
  private final OrtSession session;
  private final int hidden;
  private final List<Group> groups = new ArrayList<>();
  private boolean odd; // which of the sets is to be read

  /** Streams that are stepped together. */
  private static final class Group {
    private final List<FloatBuffer> states = new ArrayList<>(); // hidden, cell, hidden, cell: [rows][hidden]
    private final List<Map<String, OnnxTensor>> inputs = new ArrayList<>(); // a set of states each
    private final List<Map<String, OnnxTensor>> outputs = new ArrayList<>();

    private Group(OrtEnvironment environment, float[] rows, int count, int inputs, int hidden) throws OrtException {
      OnnxTensor data = OnnxTensor.createTensor(environment, direct(rows.length).put(rows).flip(),
          new long[]{1, count, inputs});
      List<OnnxTensor> tensors = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        FloatBuffer state = direct(count * hidden);
        states.add(state);
        tensors.add(OnnxTensor.createTensor(environment, state, new long[]{1, count, hidden}));
      }
      for (int set = 0; set < 2; set++) {
        int other = 1 - set;
        this.inputs.add(Map.of(OnnxModel.INPUT, data, OnnxStep.HIDDEN, tensors.get(2 * set), OnnxStep.CELL,
            tensors.get(2 * set + 1)));
        outputs.add(Map.of(OnnxStep.NEXT_HIDDEN, tensors.get(2 * other), OnnxStep.NEXT_CELL,
            tensors.get(2 * other + 1)));
      }
    }

    private static FloatBuffer direct(int values) {
      return ByteBuffer.allocateDirect(Math.multiplyExact(4, values)).order(ByteOrder.nativeOrder()).asFloatBuffer();
    }
  }

  private OnnxRuntimeStreams(Workload workload, OrtSession session, boolean together) throws OrtException {
    this.session = session;
    Shape shape = workload.shape();
    hidden = shape.hidden();
    int rows = together ? shape.batch() : 1;
    for (int first = 0; first < shape.batch(); first += rows) {
      float[] input = new float[rows * shape.inputs()];
      System.arraycopy(workload.input(), first * shape.inputs(), input, 0, input.length);
      groups.add(new Group(OrtEnvironment.getEnvironment(), input, rows, shape.inputs(), hidden));
    }
  }

  static Streams open(Workload workload, int threads, boolean together) {
    try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
      options.setIntraOpNumThreads(threads);
      options.setInterOpNumThreads(1);
      return new OnnxRuntimeStreams(workload,
          OrtEnvironment.getEnvironment().createSession(OnnxStep.bytes(workload), options), together);
    } catch (OrtException failure) {
      throw new IllegalStateException("onnxruntime cannot step " + workload.shape() + ": " + failure.getMessage(),
          failure);
    }
  }

  @Override
  public void run() {
    int set = odd ? 1 : 0;
    for (Group group : groups) {
      try (OrtSession.Result _ = session.run(group.inputs.get(set), group.outputs.get(set))) {
        // The states stand in our own buffers.
      } catch (OrtException failure) {
        throw new IllegalStateException(failure);
      }
    }
    odd = !odd;
  }

  @Override
  public void reset() {
    for (Group group : groups) {
      for (FloatBuffer state : group.states) {
        state.put(0, new float[state.capacity()]);
      }
    }
  }

  @Override
  public float[] output() {
    int rows = groups.getFirst().states.getFirst().capacity();
    float[] output = new float[groups.size() * rows];
    for (int i = 0; i < groups.size(); i++) {
      groups.get(i).states.get(odd ? 2 : 0).get(0, output, i * rows, rows);
    }
    return output;
  }

  @Override
  public void close() {
    Set<OnnxTensor> tensors = new HashSet<>(); // the outputs are among the inputs, the data is twice
    groups.forEach(group -> group.inputs.forEach(inputs -> tensors.addAll(inputs.values())));
    tensors.forEach(OnnxTensor::close);
    try {
      session.close();
    } catch (OrtException failure) {
      throw new IllegalStateException(failure);
    }
  }
}
