package dev.carousel;

import static dev.carousel.spi.form.Check.argument;

import java.util.List;

/**
 * The row less its mean, over the root of its variance and a little more, times a scale, plus a shift; the variance is the
 * mean of squares, as PyTorch and Keras have it.
 *
 * @param epsilon what is added to the variance
 */
public record LayerNorm(int inputs, float epsilon, boolean scales, boolean shifts) implements Layer {
  private static final float USUAL = 1e-5f;

  public LayerNorm {
    LayerCheck.size("LayerNorm", "inputs", inputs);
    argument(epsilon >= 0 && Float.isFinite(epsilon), "LayerNorm is to add %s to a variance; it takes 0 or more.",
        epsilon);
  }

  /** With a scale, a shift and PyTorch's 1e-5. */
  public static LayerNorm of(int width) {
    return new LayerNorm(width, USUAL, true, true);
  }

  /** Another number to add to the variance. */
  public LayerNorm epsilon(float other) {
    return new LayerNorm(inputs, other, scales, shifts);
  }

  /** No shift. */
  public LayerNorm withoutShift() {
    return new LayerNorm(inputs, epsilon, scales, false);
  }

  /** No scale. */
  public LayerNorm withoutScale() {
    return new LayerNorm(inputs, epsilon, false, shifts);
  }

  @Override
  public int outputs() {
    return inputs;
  }

  @Override
  public List<Tensor.Shape> tensors() {
    return Scale.tensors(inputs, scales, shifts);
  }
}
