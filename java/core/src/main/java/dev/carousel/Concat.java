package dev.carousel;

import static dev.carousel.spi.form.Check.argument;

import java.util.Arrays;
import java.util.List;

/**
 * Rows side by side. A row a sequence stands at all its steps, where another is a row a step.
 *
 * @param widths of what it reads, in order
 */
public record Concat(List<Integer> widths) implements Layer {
  public Concat {
    widths = List.copyOf(widths);
    argument(!widths.isEmpty(), "Concat is to put no rows side by side; it takes at least one.");
    widths.forEach(width -> LayerCheck.size("Concat", "columns", width));
    argument(widths.stream().mapToLong(Integer::intValue).sum() <= Integer.MAX_VALUE,
        "Concat is to give more columns than %d.", Integer.MAX_VALUE);
  }

  /** Rows of these widths. */
  public static Concat of(int... widths) {
    return new Concat(Arrays.stream(widths).boxed().toList());
  }

  @Override
  public int inputs() {
    return widths.getFirst();
  }

  @Override
  public int outputs() {
    return widths.stream().mapToInt(Integer::intValue).sum();
  }

  @Override
  public List<Tensor.Shape> tensors() {
    return List.of();
  }
}
