package dev.carousel.bench;

import java.util.List;
import org.bytedeco.openblas.global.openblas_nolapack;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.LSTM;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.recurrent.Bidirectional;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.nativeblas.NativeOpsHolder;

/**
 * A DL4J network of LSTM layers. DL4J has no GRU, and the LSTM of this version pays no attention to the mask that would
 * tell lengths: both are declined. The number of threads is a setting of the process: have one such engine at a time.
 */
final class Dl4jEngine implements Engine {
  private static final List<Integer> GATES = List.of(2, 1, 3, 0); // g,f,o,i of Carousel's i,f,g,o

  private final MultiLayerNetwork network;
  private final INDArray input; // [batch][inputs][steps], the steps apart in memory, as DL4J computes them
  private @Nullable INDArray result; // [batch][directions * hidden][steps]

  private Dl4jEngine(Workload workload) {
    Shape shape = workload.shape();
    network = network(shape);
    for (int layer = 0; layer < shape.layers(); layer++) {
      for (String direction : shape.directionNames()) {
        weights(workload, layer, direction);
      }
    }
    try (INDArray rows = Nd4j.createFromArray(workload.input())) {
      input = rows.reshape(shape.steps(), shape.batch(), shape.inputs()).permute(1, 2, 0).dup('f');
    }
  }

  static Engine open(Workload workload, int threads) {
    if (workload.shape().cell() != Cell.LSTM) {
      throw new UnsupportedOperationException("DL4J has no layer for the cell " + workload.shape().cell() + ".");
    }
    if (workload.lengths() != null) {
      throw new UnsupportedOperationException("DL4J's LSTM pays no attention to lengths, and this batch is ragged.");
    }
    Nd4j.getEnvironment(); // loads it; its parts do not load one by one
    NativeOpsHolder.getInstance().getDeviceNativeOps().setOmpNumThreads(threads);
    openblas_nolapack.blas_set_num_threads(threads);
    return new Dl4jEngine(workload);
  }

  private static MultiLayerNetwork network(Shape shape) {
    var layers = new NeuralNetConfiguration.Builder().dataType(DataType.FLOAT).list();
    for (int layer = 0; layer < shape.layers(); layer++) {
      Layer lstm = new LSTM.Builder().nIn(shape.inputs(layer)).nOut(shape.hidden()).activation(Activation.TANH)
          .gateActivationFunction(Activation.SIGMOID).build();
      layers.layer(layer, shape.directions() == 2 ? new Bidirectional(Bidirectional.Mode.CONCAT, lstm) : lstm);
    }
    MultiLayerNetwork network = new MultiLayerNetwork(layers.build());
    network.init();
    return network;
  }

  private void weights(Workload workload, int layer, String direction) {
    Shape shape = workload.shape();
    String prefix = layer + "_" + (shape.directions() == 1 ? "" : direction.equals("forward") ? "f" : "b");
    int hidden = shape.hidden();
    set(prefix + "W", turned(workload.tensor(layer, direction, "input"), hidden, shape.inputs(layer)));
    set(prefix + "RW", turned(workload.tensor(layer, direction, "recurrent"), hidden, hidden));
    set(prefix + "b", turned(workload.tensor(layer, direction, "bias"), hidden, 1));
  }

  private void set(String name, float[][] values) {
    try (INDArray matrix = Nd4j.create(values)) {
      network.setParam(name, matrix);
    }
  }

  /** From {@code [gates * hidden][columns]} to {@code [columns][gates * hidden]}, the gates in DL4J's order. */
  private static float[][] turned(float[] values, int hidden, int columns) {
    float[][] turned = new float[columns][GATES.size() * hidden];
    for (int to = 0; to < GATES.size(); to++) {
      for (int unit = 0; unit < hidden; unit++) {
        for (int column = 0; column < columns; column++) {
          turned[column][to * hidden + unit] = values[(GATES.get(to) * hidden + unit) * columns + column];
        }
      }
    }
    return turned;
  }

  @Override
  public void run() {
    release();
    result = network.output(input);
  }

  @Override
  public float[] output() {
    if (result == null) {
      throw new IllegalStateException("The output was asked for before the first run.");
    }
    try (INDArray rows = result.permute(2, 0, 1).dup('c')) {
      return rows.reshape(rows.length()).toFloatVector();
    }
  }

  private void release() {
    if (result != null) {
      result.close();
      result = null;
    }
  }

  @Override
  public void close() {
    release();
    input.close();
    network.close();
  }
}
