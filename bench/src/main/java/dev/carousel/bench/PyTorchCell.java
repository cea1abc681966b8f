package dev.carousel.bench;

import org.bytedeco.javacpp.Pointer;
import org.bytedeco.pytorch.GRUImpl;
import org.bytedeco.pytorch.GRUOptions;
import org.bytedeco.pytorch.LSTMImpl;
import org.bytedeco.pytorch.LSTMOptions;
import org.bytedeco.pytorch.Module;
import org.bytedeco.pytorch.PackedSequence;
import org.bytedeco.pytorch.StringTensorDict;
import org.bytedeco.pytorch.Tensor;

/** libtorch's module for a cell: the classes differ, what they do is the same. */
sealed interface PyTorchCell {
  /** The module; whoever made the cell closes it. */
  Module module();

  /** Runs rows {@code [steps][batch][inputs]}. */
  Held<Tensor> forward(Tensor input);

  /** Runs packed sequences. */
  Held<PackedSequence> forward(PackedSequence input);

  /** A value that lives inside another: the first part of a tuple. Closing frees the whole. */
  record Held<T extends Pointer>(T value, Pointer owner) implements AutoCloseable {
    @Override
    public void close() {
      owner.close();
    }
  }

  /** A module with the workload's weights: its gates are in Carousel's order. Gradients must be off. */
  static PyTorchCell of(Workload workload) {
    Shape shape = workload.shape();
    PyTorchCell cell = switch (shape.cell()) {
      case LSTM -> lstm(shape);
      case GRU -> gru(shape);
    };
    try (StringTensorDict parameters = cell.module().named_parameters()) {
      for (int layer = 0; layer < shape.layers(); layer++) {
        for (String direction : shape.directionNames()) {
          String suffix = "_l" + layer + (direction.equals("reverse") ? "_reverse" : "");
          set(parameters, "weight_ih" + suffix, workload.tensor(layer, direction, "input"));
          set(parameters, "weight_hh" + suffix, workload.tensor(layer, direction, "recurrent"));
          set(parameters, "bias_ih" + suffix, workload.tensor(layer, direction, "bias"));
          set(parameters, "bias_hh" + suffix, workload.recurrentBias(layer, direction));
        }
      }
    }
    cell.module().eval();
    return cell;
  }

  private static void set(StringTensorDict parameters, String name, float[] values) {
    try (Tensor parameter = parameters.get(name); Tensor source = Tensor.create(values, parameter.shape())) {
      parameter.copy_(source);
    }
  }

  private static PyTorchCell lstm(Shape shape) {
    try (LSTMOptions options = new LSTMOptions(shape.inputs(), shape.hidden())) {
      options.num_layers().put(shape.layers());
      options.bidirectional().put(shape.directions() == 2);
      return new Lstm(new LSTMImpl(options));
    }
  }

  private static PyTorchCell gru(Shape shape) {
    try (GRUOptions options = new GRUOptions(shape.inputs(), shape.hidden())) {
      options.num_layers().put(shape.layers());
      options.bidirectional().put(shape.directions() == 2);
      return new Gru(new GRUImpl(options));
    }
  }

  /** The LSTM. */
  record Lstm(LSTMImpl module) implements PyTorchCell {
    @Override
    public Held<Tensor> forward(Tensor input) {
      var results = module.forward(input);
      return new Held<>(results.get0(), results);
    }

    @Override
    public Held<PackedSequence> forward(PackedSequence input) {
      var results = module.forward_with_packed_input(input);
      return new Held<>(results.get0(), results);
    }
  }

  /** The GRU. */
  record Gru(GRUImpl module) implements PyTorchCell {
    @Override
    public Held<Tensor> forward(Tensor input) {
      var results = module.forward(input);
      return new Held<>(results.get0(), results);
    }

    @Override
    public Held<PackedSequence> forward(PackedSequence input) {
      var results = module.forward_with_packed_input(input);
      return new Held<>(results.get0(), results);
    }
  }
}
