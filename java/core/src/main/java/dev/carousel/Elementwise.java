package dev.carousel;

import dev.carousel.spi.form.Activation;
import java.util.List;

/** An activation as a layer of its own: a function of each element. */
public record Elementwise(int inputs, Activation activation) implements Layer {
  public Elementwise {
    LayerCheck.size("Elementwise", "inputs", inputs);
  }

  /** A function of each element of rows of such a width. */
  public static Elementwise of(int width, Activation activation) {
    return new Elementwise(width, activation);
  }

  @Override
  public int outputs() {
    return inputs;
  }

  @Override
  public List<Tensor.Shape> tensors() {
    return List.of();
  }
}
