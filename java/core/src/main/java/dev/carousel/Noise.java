package dev.carousel;

import static dev.carousel.spi.form.Check.argument;

import java.util.List;

/**
 * What disturbs a network while it learns, and does nothing when it runs.
 *
 * @param amount the part of elements that is left out, or the deviation of what is added
 */
public record Noise(Kind kind, int inputs, float amount) implements Layer {
  /** How. */
  public enum Kind {
    DROPOUT, // Elements become 0, the others are made larger
    STEP_DROPOUT, // The same elements at each step of a sequence
    ALPHA_DROPOUT, // Keeps mean and variance behind a SELU
    GAUSSIAN_DROPOUT, // Elements are multiplied by numbers around 1
    GAUSSIAN // Numbers around 0 are added
  }

  public Noise {
    LayerCheck.size("Noise", "inputs", inputs);
    argument(amount >= 0 && Float.isFinite(amount) && (kind == Kind.GAUSSIAN || amount <= 1),
        "Noise of kind %s is to have the amount %s: it is 0 or more, of what is left out at most 1.", kind, amount);
  }

  /** Leaves out a part of the elements. */
  public static Noise dropout(int width, float rate) {
    return new Noise(Kind.DROPOUT, width, rate);
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
