package dev.carousel;

import static dev.carousel.spi.form.Check.argument;

import java.util.List;

/**
 * Some columns of a row, side by side; of indices too.
 *
 * @param first the first of them
 */
public record Columns(int inputs, int first, int outputs) implements Layer {
  public Columns {
    LayerCheck.size("Columns", "inputs", inputs);
    LayerCheck.size("Columns", "outputs", outputs);
    argument(first >= 0 && first <= inputs - outputs, "Columns is to take columns %d to %d of rows of %d.", first,
        (long) first + outputs - 1, inputs);
  }

  /** So many columns from one on, of rows of such a width. */
  public static Columns of(int width, int first, int count) {
    return new Columns(width, first, count);
  }

  @Override
  public List<Tensor.Shape> tensors() {
    return List.of();
  }
}
