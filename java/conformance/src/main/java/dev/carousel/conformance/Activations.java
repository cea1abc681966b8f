package dev.carousel.conformance;

import dev.carousel.spi.form.Activation;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** One activation of each kind, with constants that differ from the usual ones. */
final class Activations {
  private Activations() {}

  static List<Activation> all() {
    return Arrays.stream(Activation.Kind.values()).limit(11).map(kind -> switch (kind) {
      case RELU, TANH, SIGMOID, SOFTSIGN, SOFTPLUS, GELU, GELU_TANH, SILU, ERF, EXP, LOG, SQRT, RECIPROCAL, ABS -> kind.of();
      case CLIP -> kind.of(-0.25f, 0.5f);
      case LEAKY_RELU -> kind.of(0.125f);
      case THRESHOLDED_RELU -> kind.of(0.25f);
      case ELU -> kind.of(0.75f);
      case AFFINE -> kind.of(0.5f, 0.125f);
      case SCALED_TANH -> kind.of(0.75f, 1.25f);
      case HARD_SIGMOID -> kind.of(0.25f, 0.375f);
    }).toList();
  }

  /** The kind, as a name shows it. */
  static String name(Activation activation) {
    return activation.kind().name().toLowerCase(Locale.ROOT);
  }
}
