package dev.carousel.conformance;

import dev.carousel.spi.form.Activation;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** One activation of each kind, with constants that differ from the usual ones. */
final class Activations {
  private Activations() {}

  static List<Activation> all() {
    return Arrays.stream(Activation.Kind.values()).map(Activations::of).toList();
  }

  /**
   * Those that stay finite where a cell carries them from step to step: not e^x, which makes of 4 a 55 and of that nothing
   * finite, and not those with a point where they have no value, or on one side of which they have none.
   */
  static List<Activation> ofCells() {
    return all().stream().filter(one -> carries(one.kind())).toList();
  }

  /** Whether a cell is tried with it. */
  static boolean carries(Activation.Kind kind) {
    return switch (kind) {
      case RELU, TANH, SIGMOID, AFFINE, LEAKY_RELU, THRESHOLDED_RELU, SCALED_TANH, HARD_SIGMOID, ELU, SOFTSIGN,
          SOFTPLUS,
          CLIP, GELU, GELU_TANH, SILU, ERF, ABS ->
        true;
      case EXP, LOG, SQRT, RECIPROCAL -> false;
    };
  }

  private static Activation of(Activation.Kind kind) {
    return switch (kind) {
      case RELU, TANH, SIGMOID, SOFTSIGN, SOFTPLUS, GELU, GELU_TANH, SILU, ERF, EXP, LOG, SQRT, RECIPROCAL, ABS ->
        kind.of();
      case CLIP -> kind.of(-0.25f, 0.5f);
      case LEAKY_RELU -> kind.of(0.125f);
      case THRESHOLDED_RELU -> kind.of(0.25f);
      case ELU -> kind.of(0.75f);
      case AFFINE -> kind.of(0.5f, 0.125f);
      case SCALED_TANH -> kind.of(0.75f, 1.25f);
      case HARD_SIGMOID -> kind.of(0.25f, 0.375f);
    };
  }

  /** The kind, as a name shows it. */
  static String name(Activation activation) {
    return activation.kind().name().toLowerCase(Locale.ROOT);
  }
}
