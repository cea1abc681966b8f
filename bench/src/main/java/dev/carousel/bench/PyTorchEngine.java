package dev.carousel.bench;

import dev.carousel.bench.PyTorchCell.Held;
import java.nio.FloatBuffer;
import java.util.Arrays;
import org.bytedeco.openblas.global.openblas_nolapack;
import org.bytedeco.pytorch.LongOptional;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.PackedSequence;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.jspecify.annotations.Nullable;

/**
 * libtorch's LSTM or GRU module, without gradients. A ragged batch is packed before and padded after, as its users do.
 * The number of threads is a setting of the process: have one such engine at a time. libtorch makes a new output at
 * each run; its modules have no way to be given one.
 *
 * <p>Its LSTM runs in oneDNN where it is not packed. Its GRU and packed sequences run in OpenBLAS, whose threads and
 * OpenMP's fight for the cores where there are no more cores than threads: its times with two threads on two cores are
 * far worse than with one. {@code GOMP_SPINCOUNT=10000} in the environment eases that tenfold; 1000 eases it more and
 * ruins the LSTM. It is left as it comes.
 */
final class PyTorchEngine implements Engine {
  private final NoGradGuard noGradients = new NoGradGuard();
  private final PyTorchCell cell;
  private final Tensor input; // [steps][batch][inputs]
  private final @Nullable Tensor lengths; // [batch]
  private final LongOptional steps;
  private @Nullable Held<Tensor> result; // [steps][batch][directions * hidden]

  private PyTorchEngine(Workload workload) {
    Shape shape = workload.shape();
    cell = PyTorchCell.of(workload);
    input = Tensor.create(workload.input(), shape.steps(), shape.batch(), shape.inputs());
    int[] ragged = workload.lengths();
    lengths = ragged == null ? null : Tensor.create(Arrays.stream(ragged).asLongStream().toArray());
    steps = new LongOptional(shape.steps());
  }

  static Engine open(Workload workload, int threads) {
    torch.set_num_threads(threads); // OpenMP's and oneDNN's
    openblas_nolapack.blas_set_num_threads(threads); // OpenBLAS has threads of its own
    return new PyTorchEngine(workload);
  }

  @Override
  public void run() {
    release();
    result = lengths == null ? cell.forward(input) : packed(lengths);
  }

  private Held<Tensor> packed(Tensor valid) {
    try (PackedSequence packed = torch.pack_padded_sequence(input, valid, false, false);
        Held<PackedSequence> sequences = cell.forward(packed)) {
      var padded = torch.pad_packed_sequence(sequences.value(), false, 0, steps);
      return new Held<>(padded.get0(), padded);
    }
  }

  @Override
  public float[] output() {
    if (result == null) {
      throw new IllegalStateException("The output was asked for before the first run.");
    }
    try (Tensor rows = result.value().contiguous()) {
      float[] output = new float[Math.toIntExact(rows.numel())];
      FloatBuffer values = rows.createBuffer();
      values.get(output);
      return output;
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
    steps.close();
    if (lengths != null) {
      lengths.close();
    }
    input.close();
    cell.module().close();
    noGradients.close();
  }
}
