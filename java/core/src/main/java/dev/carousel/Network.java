package dev.carousel;

import static dev.carousel.spi.form.Check.argument;

import java.util.ArrayList;
import java.util.List;

/** A list of layers that fit each other: what is computed, without its weights. */
public record Network(List<Layer> layers) {
  public Network {
    layers = List.copyOf(layers);
    argument(!layers.isEmpty(), "A network of no layers was asked for. Give it at least one.");
    boolean sequence = true;
    for (int i = 0; i < layers.size(); i++) {
      Layer layer = layers.get(i);
      argument(i == 0 || !(layer instanceof Embedding), "Layer %d, %s, looks up indices, and layer %d gives it floats."
          + " Put it first.", i, layer, i - 1);
      argument(i == 0 || layer.inputs() == layers.get(i - 1).outputs(),
          "Layer %d, %s, takes rows of %d, and layer %d, %s, gives rows of %d. Make the two the same.", i, layer,
          layer.inputs(), i - 1, i == 0 ? "" : layers.get(i - 1), i == 0 ? 0 : layers.get(i - 1).outputs());
      argument(sequence || layer instanceof Dense,
          "Layer %d, %s, takes a row a step, and a layer before it leaves one row a sequence. Put it before that.", i,
          layer);
      argument(!(layer instanceof FinalState) || (i > 0 && layers.get(i - 1) instanceof Recurrent),
          "Layer %d, %s, returns the state that a recurrent layer ends with, and there is none just before it.", i,
          layer);
      sequence &= !selects(layer);
    }
  }

  /** A network of these layers, the first of which reads the input. */
  public static Network of(Layer... layers) {
    return new Network(List.of(layers));
  }

  /** The width of an input row; 1 where the input is indices. */
  public int inputs() {
    return layers.getFirst().inputs();
  }

  /** The width of an output row. */
  public int outputs() {
    return layers.getLast().outputs();
  }

  /** Whether the input is indices into a table rather than rows of floats. */
  public boolean takesIndices() {
    return layers.getFirst() instanceof Embedding;
  }

  /** Whether there is an output row for each step, or one for each sequence. */
  public boolean returnsSequence() {
    return layers.stream().noneMatch(Network::selects);
  }

  /** Whether a sequence may be given in parts, a call after the other: no layer reads it from its end. */
  public boolean streams() {
    return layers.stream().noneMatch(Network::readsFromTheEnd);
  }

  static boolean readsFromTheEnd(Layer layer) {
    return layer instanceof Recurrent recurrent && recurrent.directions() != Directions.FORWARD;
  }

  private static boolean selects(Layer layer) {
    return layer instanceof LastStep || layer instanceof FinalState;
  }

  /** All tensors that it needs, in canonical order: {@code 0.forward.input[1024,40]}. */
  public List<Tensor.Shape> tensors() {
    List<Tensor.Shape> tensors = new ArrayList<>();
    for (int i = 0; i < layers.size(); i++) {
      for (Tensor.Shape shape : layers.get(i).tensors()) {
        tensors.add(shape.within(Integer.toString(i)));
      }
    }
    return tensors;
  }

  /** The Program that computes it, and where its parameters come from. */
  public Lowered lower() {
    return new Lowering(this).lower();
  }
}
