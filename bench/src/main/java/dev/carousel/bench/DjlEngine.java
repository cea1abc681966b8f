package dev.carousel.bench;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.internal.NDArrayEx;
import ai.djl.pytorch.jni.JniUtils;
import org.jspecify.annotations.Nullable;

/**
 * The LSTM or GRU of DJL's own build of libtorch, which computes with oneDNN and MKL. It is called as DJL's blocks call
 * it, and not through these, which hand over a bidirectional layer's parameters in an order that libtorch refuses. It
 * knows no lengths, so ragged batches are declined. The number of threads is a setting of the process: have one such
 * engine at a time.
 */
final class DjlEngine implements Engine {
  private static final String OFFLINE = "ai.djl.offline"; // take the natives from the class path, ask nobody
  private static final String NO_REPORT = "OPT_OUT_TRACKING";

  private final Shape shape;
  private final NDManager manager;
  private final NDList parameters = new NDList();
  private final NDArray input; // [steps][batch][inputs]
  private @Nullable NDManager turn; // owns what a run makes
  private @Nullable NDArray result; // [steps][batch][directions * hidden]

  private DjlEngine(Workload workload, NDManager manager) {
    this.manager = manager;
    shape = workload.shape();
    int rows = shape.cell().gates() * shape.hidden();
    for (int layer = 0; layer < shape.layers(); layer++) {
      for (String direction : shape.directionNames()) {
        parameters.add(array(workload.tensor(layer, direction, "input"), rows, shape.inputs(layer)));
        parameters.add(array(workload.tensor(layer, direction, "recurrent"), rows, shape.hidden()));
        parameters.add(array(workload.tensor(layer, direction, "bias"), rows));
        parameters.add(array(workload.recurrentBias(layer, direction), rows));
      }
    }
    input = array(workload.input(), shape.steps(), shape.batch(), shape.inputs());
  }

  static Engine open(Workload workload, int threads) {
    if (workload.lengths() != null) {
      throw new UnsupportedOperationException("DJL's LSTM and GRU take no lengths, and this batch is ragged.");
    }
    System.setProperty(OFFLINE, "true");
    System.setProperty(NO_REPORT, "true");
    NDManager manager = NDManager.newBaseManager("PyTorch");
    try {
      JniUtils.setNumThreads(threads);
      return new DjlEngine(workload, manager);
    } catch (RuntimeException | Error failure) {
      manager.close();
      throw failure;
    }
  }

  private NDArray array(float[] values, long... sizes) {
    return manager.create(values, new ai.djl.ndarray.types.Shape(sizes));
  }

  @Override
  public void run() {
    release();
    NDManager owner = manager.newSubManager();
    turn = owner;
    input.attach(owner); // what is computed from it belongs to its owner
    NDArrayEx operations = input.getNDArrayInternal();
    boolean both = shape.directions() == 2;
    NDList results = switch (shape.cell()) {
      case LSTM -> operations.lstm(input, new NDList(zeros(owner), zeros(owner)), parameters, true, shape.layers(), 0,
          false, both, false);
      case GRU -> operations.gru(input, zeros(owner), parameters, true, shape.layers(), 0, false, both, false);
    };
    result = results.head();
    input.attach(manager);
  }

  private NDArray zeros(NDManager owner) {
    return owner.zeros(new ai.djl.ndarray.types.Shape((long) shape.layers() * shape.directions(), shape.batch(),
        shape.hidden()));
  }

  @Override
  public float[] output() {
    if (result == null) {
      throw new IllegalStateException("The output was asked for before the first run.");
    }
    return result.toFloatArray();
  }

  private void release() {
    if (turn != null) {
      turn.close();
      turn = null;
      result = null;
    }
  }

  @Override
  public void close() {
    release();
    manager.close();
  }
}
