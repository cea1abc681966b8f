package dev.carousel;

import dev.carousel.spi.form.Activation;
import java.util.ArrayList;
import java.util.List;

/**
 * A fully connected layer: {@code y = activation(W x + b)}, then a softmax over the row if there is one.
 *
 * @param probabilities whether a softmax makes the row probabilities
 */
public record Dense(int inputs, int outputs, Activation activation, boolean probabilities,
    boolean bias) implements Layer {
  public Dense {
    LayerCheck.size("Dense", "inputs", inputs);
    LayerCheck.size("Dense", "outputs", outputs);
  }

  /** A linear layer with a bias. */
  public static Dense of(int inputs, int outputs) {
    return new Dense(inputs, outputs, Activation.IDENTITY, false, true);
  }

  /** Another activation. */
  public Dense activation(Activation other) {
    return new Dense(inputs, outputs, other, probabilities, bias);
  }

  /** A row of probabilities. */
  public Dense softmax() {
    return new Dense(inputs, outputs, activation, true, bias);
  }

  /** No bias. */
  public Dense withoutBias() {
    return new Dense(inputs, outputs, activation, probabilities, false);
  }

  @Override
  public List<Tensor.Shape> tensors() {
    List<Tensor.Shape> tensors = new ArrayList<>(List.of(new Tensor.Shape("weight", outputs, inputs)));
    if (bias) {
      tensors.add(new Tensor.Shape("bias", 1, outputs));
    }
    return tensors;
  }
}
