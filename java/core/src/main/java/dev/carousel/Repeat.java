package dev.carousel;

import static dev.carousel.spi.form.Check.argument;

import java.util.List;

/**
 * A sequence's row at each of its steps, as a decoder reads what an encoder found.
 *
 * @param steps how many; 0 for as many as the sequence has in the run
 */
public record Repeat(int inputs, int steps) implements Layer {
  public Repeat {
    LayerCheck.size("Repeat", "inputs", inputs);
    argument(steps >= 0, "Repeat is to give %d steps; it takes 0, for those of the run, or more.", steps);
  }

  /** At each step of the run. */
  public static Repeat of(int width) {
    return new Repeat(width, 0);
  }

  /** So many steps for every sequence, however long it is. */
  public Repeat steps(int count) {
    return new Repeat(inputs, count);
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
