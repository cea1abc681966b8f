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
      case SOFTPLUS -> x > 0 ? x + Math.log1p(Math.exp(-x)) : Math.log1p(Math.exp(x));
    };
  }

  /** The activation of a pre-activation within its bound. */
  static double apply(Activation activation, double x, double clip) {
    return apply(activation, Math.max(-clip, Math.min(clip, x)));
  }
}
