package dev.carousel.reference;

import dev.carousel.spi.form.Activation;

/** The activations as they are defined. */
final class ReferenceActivation {
  private ReferenceActivation() {}

  static double apply(Activation activation, double x) {
    double alpha = activation.alpha();
    double beta = activation.beta();
    return switch (activation.kind()) {
      case RELU -> Math.max(x, 0);
      case TANH -> Math.tanh(x);
      case SIGMOID -> 1 / (1 + Math.exp(-x));
      case AFFINE -> alpha * x + beta;
      case LEAKY_RELU -> x < 0 ? alpha * x : x;
      case THRESHOLDED_RELU -> x <= alpha ? 0 : x;
      case SCALED_TANH -> alpha * Math.tanh(beta * x);
      case HARD_SIGMOID -> Math.min(Math.max(alpha * x + beta, 0), 1);
      case ELU -> x < 0 ? alpha * Math.expm1(x) : x;
      case SOFTSIGN -> Double.isInfinite(x) ? Math.signum(x) : x / (1 + Math.abs(x));
      case CLIP -> Math.min(Math.max(x, alpha), beta);
      case GELU -> x * (1 + erf(x / Math.sqrt(2))) / 2;
      case GELU_TANH -> x * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x * x * x))) / 2;
      case SILU -> x / (1 + Math.exp(-x));
      case ERF -> erf(x);
      case EXP -> Math.exp(x);
      case LOG -> Math.log(x);
      case SQRT -> Math.sqrt(x);
      case RECIPROCAL -> 1 / x;
      case ABS -> Math.abs(x);
      case SOFTPLUS -> x > 0 ? x + Math.log1p(Math.exp(-x)) : Math.log1p(Math.exp(x));
    };
  }

  /** The activation of a pre-activation within its bound. */
  static double apply(Activation activation, double x, double clip) {
    return apply(activation, Math.max(-clip, Math.min(clip, x)));
  }

  /** The error function: its series near 0, and beyond 2 what is left to 1, a continued fraction. */
  private static double erf(double x) {
    double size = Math.abs(x);
    if (Double.isNaN(x) || size > 6) {
      return Double.isNaN(x) ? x : Math.signum(x);
    }
    double square = x * x;
    if (size < 2) {
      double term = size;
      double sum = size;
      for (int n = 1; Math.abs(term) > 1e-18 * Math.abs(sum); n++) {
        term *= -square / n;
        sum += term / (2 * n + 1);
      }
      return Math.copySign(2 / Math.sqrt(Math.PI) * sum, x);
    }
    double fraction = 0;
    for (int n = 60; n > 0; n--) {
      fraction = n / 2.0 / (size + fraction);
    }
    return Math.copySign(1 - Math.exp(-square) / (Math.sqrt(Math.PI) * (size + fraction)), x);
  }
}
