package dev.carousel;

import static dev.carousel.spi.form.Check.argument;

import java.util.List;

/**
 * The rows of a fixed number of steps side by side, as one. Of a shorter sequence what lies beyond its end is 0; a longer
 * one is refused.
 */
public record Flatten(int inputs, int steps) implements Layer {
  public Flatten {
    LayerCheck.size("Flatten", "inputs", inputs);
    LayerCheck.size("Flatten", "steps", steps);
    argument((long) inputs * steps <= Integer.MAX_VALUE, "Flatten of %d steps of %d columns is too wide.", steps,
        inputs);
  }

  /** So many steps of rows of such a width. */
  public static Flatten of(int width, int steps) {
    return new Flatten(width, steps);
  }

  @Override
  public int outputs() {
    return inputs * steps;
  }

  @Override
  public List<Tensor.Shape> tensors() {
    return List.of();
  }
}
