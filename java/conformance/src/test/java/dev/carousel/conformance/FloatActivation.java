package dev.carousel.conformance;

import dev.carousel.spi.form.Activation;

/** The activations in float. */
final class FloatActivation {
  private static final int TERMS = 180; // of the series of erf: at 5, beyond which it is 1, the rest is below a rounding

  private FloatActivation() {}

  static float apply(Activation activation, float x) {
    float alpha = activation.alpha();
    float beta = activation.beta();
    return switch (activation.kind()) {
      case RELU -> Math.max(x, 0);
      case TANH -> (float) Math.tanh(x);
      case SIGMOID -> 1 / (1 + (float) Math.exp(-x));
      case AFFINE -> alpha * x + beta;
      case LEAKY_RELU -> x < 0 ? alpha * x : x;
      case THRESHOLDED_RELU -> x <= alpha ? 0 : x;
      case SCALED_TANH -> alpha * (float) Math.tanh(beta * x);
      case HARD_SIGMOID -> Math.min(Math.max(alpha * x + beta, 0), 1);
      case ELU -> x < 0 ? alpha * (float) Math.expm1(x) : x;
      case SOFTSIGN -> Float.isInfinite(x) ? Math.signum(x) : x / (1 + Math.abs(x));
      case SOFTPLUS -> Math.max(x, 0) + (float) Math.log1p(Math.exp(-Math.abs(x)));
      case CLIP -> Math.min(Math.max(x, alpha), beta);
      case GELU -> x * (1 + (float) erf(x / Math.sqrt(2))) / 2;
      case GELU_TANH -> x * (1 + (float) Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x * x * x))) / 2;
      case SILU -> x / (1 + (float) Math.exp(-x));
      case ERF -> (float) erf(x);
      case EXP -> (float) Math.exp(x);
      case LOG -> (float) Math.log(x);
      case SQRT -> (float) Math.sqrt(x);
      case RECIPROCAL -> 1 / x;
      case ABS -> Math.abs(x);
    };
  }

  /** The error function by its series with terms of one sign: {@code 2/sqrt(pi) exp(-x^2) sum (2 x^2)^n x / (2n+1)!!}. */
  private static double erf(double x) {
    if (Double.isNaN(x) || Math.abs(x) > 5) {
      return Math.signum(x);
    }
    double term = x;
    double sum = x;
    for (int n = 1; n < TERMS; n++) {
      term *= 2 * x * x / (2 * n + 1);
      sum += term;
    }
    return 2 / Math.sqrt(Math.PI) * Math.exp(-x * x) * sum;
  }
}
