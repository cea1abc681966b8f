package dev.carousel.bench;

import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.bytedeco.openblas.global.openblas_nolapack;
import org.bytedeco.pytorch.LSTMImpl;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.T_TensorT_TensorTensor_T_T;
import org.bytedeco.pytorch.T_TensorTensor_T;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/** Streams in libtorch: one module, and for each group of streams the states that the last step returned. */
final class PyTorchStreams implements Streams {
  private final NoGradGuard noGradients = new NoGradGuard();
  private final LSTMImpl module;
  private final int hidden;
  private final int rows;
  private final List<Tensor> inputs = new ArrayList<>(); // [1][rows][inputs], for each group
  private final List<T_TensorT_TensorTensor_T_T> results = new ArrayList<>(); // for each group; they own the states

  private PyTorchStreams(Workload workload, LSTMImpl module, boolean together) {
    this.module = module;
    Shape shape = workload.shape();
    hidden = shape.hidden();
    rows = together ? shape.batch() : 1;
    for (int first = 0; first < shape.batch(); first += rows) {
      inputs.add(Tensor.create(
          Arrays.copyOfRange(workload.input(), first * shape.inputs(), (first + rows) * shape.inputs()), 1, rows,
          shape.inputs()));
    }
    reset();
  }

  static Streams open(Workload workload, int threads, boolean together) {
    torch.set_num_threads(threads);
    openblas_nolapack.blas_set_num_threads(threads);
    try (NoGradGuard _ = new NoGradGuard()) {
      return switch (PyTorchCell.of(workload)) {
        case PyTorchCell.Lstm(LSTMImpl module) -> new PyTorchStreams(workload, module, together);
        case PyTorchCell.Gru _ ->
          throw new UnsupportedOperationException("Streams are stepped through an LSTM, and this is a GRU.");
      };
    }
  }

  @Override
  public void run() {
    for (int group = 0; group < inputs.size(); group++) {
      T_TensorT_TensorTensor_T_T before = results.get(group);
      results.set(group, module.forward(inputs.get(group), before.get1()));
      before.close();
    }
  }

  @Override
  public void reset() {
    results.forEach(T_TensorT_TensorTensor_T_T::close);
    results.clear();
    float[] zeros = new float[rows * hidden];
    for (int group = 0; group < inputs.size(); group++) {
      Tensor state = Tensor.create(zeros, 1, rows, hidden);
      results.add(new T_TensorT_TensorTensor_T_T(state, new T_TensorTensor_T(state, Tensor.create(zeros, 1, rows,
          hidden))));
    }
  }

  @Override
  public float[] output() {
    float[] output = new float[inputs.size() * rows * hidden];
    for (int group = 0; group < inputs.size(); group++) {
      FloatBuffer values = results.get(group).get0().createBuffer();
      values.get(output, group * rows * hidden, rows * hidden);
    }
    return output;
  }

  @Override
  public void close() {
    results.forEach(T_TensorT_TensorTensor_T_T::close);
    inputs.forEach(Tensor::close);
    module.close();
    noGradients.close();
  }
}
