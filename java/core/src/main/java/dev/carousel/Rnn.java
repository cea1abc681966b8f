package dev.carousel;

import dev.carousel.spi.form.Activation;
import dev.carousel.spi.form.CellUpdate;
import java.util.List;

/**
 * The plain recurrent layer: {@code h = activation(W x + U h + b)}.
 *
 * @param activation of the forward direction
 * @param reverseActivation of the reverse direction
 * @param clip the bound of the pre-activations, infinite for none
 */
public record Rnn(int inputs, int hidden, Directions directions, Activation activation, Activation reverseActivation,
    float clip, boolean bias) implements Recurrent {
  public Rnn {
    LayerCheck.size("Rnn", "inputs", inputs);
    LayerCheck.size("Rnn", "hidden units", hidden);
    LayerCheck.gates("Rnn", 2, hidden);
    LayerCheck.clip("Rnn", clip);
  }

  /** A forward layer with tanh. */
  public static Rnn of(int inputs, int hidden) {
    return new Rnn(inputs, hidden, Directions.FORWARD, Activation.TANH, Activation.TANH, CellUpdate.NO_CLIP, true);
  }

  /** Other directions. */
  public Rnn directions(Directions other) {
    return new Rnn(inputs, hidden, other, activation, reverseActivation, clip, bias);
  }

  /** Both directions, side by side. */
  public Rnn bidirectional() {
    return directions(Directions.CONCAT);
  }

  /** Another activation, in both directions. */
  public Rnn activation(Activation other) {
    return new Rnn(inputs, hidden, directions, other, other, clip, bias);
  }

  /** Another activation in the reverse direction. */
  public Rnn reverseActivation(Activation other) {
    return new Rnn(inputs, hidden, directions, activation, other, clip, bias);
  }

  /** A bound of the pre-activations. */
  public Rnn clip(float bound) {
    return new Rnn(inputs, hidden, directions, activation, reverseActivation, bound, bias);
  }

  /** No bias. */
  public Rnn withoutBias() {
    return new Rnn(inputs, hidden, directions, activation, reverseActivation, clip, false);
  }

  @Override
  public int gates() {
    return 1;
  }

  @Override
  public List<Tensor.Shape> cellTensors() {
    return List.of();
  }
}
