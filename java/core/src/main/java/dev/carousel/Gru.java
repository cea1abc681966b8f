package dev.carousel;

import dev.carousel.spi.form.Activation;
import dev.carousel.spi.form.CellUpdate;
import java.util.List;

/**
 * The gated recurrent unit: {@code h = (1 - z) n + z h}, its gates in the order r, z, n.
 *
 * @param resetAfter whether r scales the recurrent product (PyTorch, Keras 3) or the hidden state before it (ONNX's
 *          default)
 * @param activations of the forward direction
 * @param reverseActivations of the reverse direction
 * @param clip the bound of the pre-activations, infinite for none
 */
public record Gru(int inputs, int hidden, boolean resetAfter, Directions directions, Activations activations,
    Activations reverseActivations, float clip, boolean bias) implements Recurrent {

  /** The activations of the gates r and z, and of the candidate n. */
  public record Activations(Activation gate, Activation candidate) {

    /** Sigmoid, tanh. */
    public static final Activations USUAL = new Activations(Activation.SIGMOID, Activation.TANH);
  }

  public Gru {
    LayerCheck.size("Gru", "inputs", inputs);
    LayerCheck.size("Gru", "hidden units", hidden);
    LayerCheck.gates("Gru", 3, hidden);
    LayerCheck.clip("Gru", clip);
  }

  /** A forward layer that resets after the product, with the usual activations. */
  public static Gru of(int inputs, int hidden) {
    return new Gru(inputs, hidden, true, Directions.FORWARD, Activations.USUAL, Activations.USUAL, CellUpdate.NO_CLIP,
        true);
  }

  /** A reset before the product. */
  public Gru resetBefore() {
    return new Gru(inputs, hidden, false, directions, activations, reverseActivations, clip, bias);
  }

  /** Other directions. */
  public Gru directions(Directions other) {
    return new Gru(inputs, hidden, resetAfter, other, activations, reverseActivations, clip, bias);
  }

  /** Both directions, side by side. */
  public Gru bidirectional() {
    return directions(Directions.CONCAT);
  }

  /** Other activations, in both directions. */
  public Gru activations(Activation gate, Activation candidate) {
    Activations other = new Activations(gate, candidate);
    return new Gru(inputs, hidden, resetAfter, directions, other, other, clip, bias);
  }

  /** Other activations in the reverse direction. */
  public Gru reverseActivations(Activation gate, Activation candidate) {
    return new Gru(inputs, hidden, resetAfter, directions, activations, new Activations(gate, candidate), clip, bias);
  }

  /** A bound of the pre-activations. */
  public Gru clip(float bound) {
    return new Gru(inputs, hidden, resetAfter, directions, activations, reverseActivations, bound, bias);
  }

  /** No bias. */
  public Gru withoutBias() {
    return new Gru(inputs, hidden, resetAfter, directions, activations, reverseActivations, clip, false);
  }

  @Override
  public int gates() {
    return 3;
  }

  @Override
  public List<Tensor.Shape> cellTensors() {
    return resetAfter && bias ? List.of(new Tensor.Shape("recurrent_bias", 1, 3 * hidden)) : List.of();
  }
}
