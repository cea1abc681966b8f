package dev.carousel;

import static dev.carousel.spi.form.Check.argument;

import dev.carousel.spi.form.Activation;
import dev.carousel.spi.form.CellUpdate;
import java.util.ArrayList;
import java.util.List;

/**
 * The long short-term memory: {@code c = f c + i g; h = o tanh(c)}, its gates in the order i, f, g, o.
 *
 * @param projection the width to which the hidden state is projected, 0 for none
 * @param peepholes whether the gates see the cell state
 * @param coupledGates whether the forget gate is 1 - i, with no weights of its own: the order is i, g, o
 * @param activations of the forward direction
 * @param reverseActivations of the reverse direction
 * @param clip the bound of the pre-activations, infinite for none
 */
public record Lstm(int inputs, int hidden, int projection, Directions directions, boolean peepholes,
    boolean coupledGates,
    Activations activations, Activations reverseActivations, float clip, boolean bias) implements Recurrent {

  /** The activations of the gates i, f and o, of the candidate g, and of the cell state on its way out. */
  public record Activations(Activation gate, Activation candidate, Activation output) {

    /** Sigmoid, tanh, tanh. */
    public static final Activations USUAL = new Activations(Activation.SIGMOID, Activation.TANH, Activation.TANH);
  }

  public Lstm {
    LayerCheck.size("Lstm", "inputs", inputs);
    LayerCheck.size("Lstm", "hidden units", hidden);
    LayerCheck.gates("Lstm", 4, hidden);
    argument(projection >= 0, "Lstm is to project to %d units; it takes at least 1, or 0 for no projection.",
        projection);
    LayerCheck.gates("Lstm", 2, projection);
    LayerCheck.clip("Lstm", clip);
  }

  /** A forward layer with the usual activations. */
  public static Lstm of(int inputs, int hidden) {
    return new Lstm(inputs, hidden, 0, Directions.FORWARD, false, false, Activations.USUAL, Activations.USUAL,
        CellUpdate.NO_CLIP, true);
  }

  /** Other directions. */
  public Lstm directions(Directions other) {
    return new Lstm(inputs, hidden, projection, other, peepholes, coupledGates, activations, reverseActivations, clip,
        bias);
  }

  /** Both directions, side by side. */
  public Lstm bidirectional() {
    return directions(Directions.CONCAT);
  }

  /** A hidden state projected to so many units. */
  public Lstm projection(int units) {
    return new Lstm(inputs, hidden, units, directions, peepholes, coupledGates, activations, reverseActivations, clip,
        bias);
  }

  /** Gates that see the cell state. */
  public Lstm peephole() {
    return new Lstm(inputs, hidden, projection, directions, true, coupledGates, activations, reverseActivations, clip,
        bias);
  }

  /** A forget gate of 1 - i. */
  public Lstm coupled() {
    return new Lstm(inputs, hidden, projection, directions, peepholes, true, activations, reverseActivations, clip,
        bias);
  }

  /** Other activations, in both directions. */
  public Lstm activations(Activation gate, Activation candidate, Activation output) {
    Activations other = new Activations(gate, candidate, output);
    return new Lstm(inputs, hidden, projection, directions, peepholes, coupledGates, other, other, clip, bias);
  }

  /** Other activations in the reverse direction. */
  public Lstm reverseActivations(Activation gate, Activation candidate, Activation output) {
    return new Lstm(inputs, hidden, projection, directions, peepholes, coupledGates, activations,
        new Activations(gate, candidate, output), clip, bias);
  }

  /** A bound of the pre-activations. */
  public Lstm clip(float bound) {
    return new Lstm(inputs, hidden, projection, directions, peepholes, coupledGates, activations, reverseActivations,
        bound,
        bias);
  }

  /** No bias. */
  public Lstm withoutBias() {
    return new Lstm(inputs, hidden, projection, directions, peepholes, coupledGates, activations, reverseActivations,
        clip,
        false);
  }

  @Override
  public int gates() {
    return coupledGates ? 3 : 4;
  }

  @Override
  public int width() {
    return projection > 0 ? projection : hidden;
  }

  @Override
  public List<Tensor.Shape> cellTensors() {
    List<Tensor.Shape> tensors = new ArrayList<>();
    if (peepholes) {
      tensors.add(new Tensor.Shape("peephole", gates() - 1, hidden));
    }
    if (projection > 0) {
      tensors.add(new Tensor.Shape("projection", projection, hidden));
    }
    return tensors;
  }
}
