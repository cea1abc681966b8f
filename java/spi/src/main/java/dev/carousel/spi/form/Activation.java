package dev.carousel.spi.form;

import java.util.Locale;

/** A function of one number, applied to each element. NaN in gives NaN out. Constants that a kind lacks are 0. */
public record Activation(Kind kind, float alpha, float beta) {
  /**
   * The functions, with the number of constants that each takes. ONNX's recurrent operators know those up to
   * {@link #SOFTPLUS}.
   */
  public enum Kind {
    RELU(0), // max(x, 0)
    TANH(0), // tanh(x)
    SIGMOID(0), // 1 / (1 + exp(-x))
    AFFINE(2), // alpha * x + beta
    LEAKY_RELU(1), // x where x is at least 0, else alpha * x
    THRESHOLDED_RELU(1), // x where x is above alpha, else 0
    SCALED_TANH(2), // alpha * tanh(beta * x)
    HARD_SIGMOID(2), // min(max(alpha * x + beta, 0), 1); ONNX and Keras 2 mean 0.2 and 0.5, Keras 3 means 1/6 and 0.5
    ELU(1), // x where x is at least 0, else alpha * (exp(x) - 1)
    SOFTSIGN(0), // x / (1 + |x|)
    SOFTPLUS(0), // log(1 + exp(x))
    CLIP(2), // min(max(x, alpha), beta)
    GELU(0), // x * (1 + erf(x / sqrt 2)) / 2
    GELU_TANH(0), // x * (1 + tanh(sqrt(2 / pi) * (x + 0.044715 * x^3))) / 2
    SILU(0), // x / (1 + exp(-x)), also called swish
    ERF(0), // the error function
    EXP(0), // e^x
    LOG(0), // the natural logarithm; NaN below 0
    SQRT(0), // the square root; NaN below 0
    RECIPROCAL(0), // 1 / x
    ABS(0); // |x|

    private final int constants;

    Kind(int constants) {
      this.constants = constants;
    }

    /** This function with its constants. */
    public Activation of(float... values) {
      Check.argument(values.length == constants, "%s takes %d constants, and %d were given.", this, constants,
          values.length);
      return new Activation(this, constants > 0 ? values[0] : 0, constants > 1 ? values[1] : 0);
    }
  }

  public static final Activation RELU = Kind.RELU.of();
  public static final Activation TANH = Kind.TANH.of();
  public static final Activation SIGMOID = Kind.SIGMOID.of();
  public static final Activation SOFTSIGN = Kind.SOFTSIGN.of();
  public static final Activation SOFTPLUS = Kind.SOFTPLUS.of();
  public static final Activation IDENTITY = Kind.AFFINE.of(1, 0);

  public Activation {
    Check.argument(Float.isFinite(alpha) && Float.isFinite(beta),
        "%s is to have constants %s and %s: they must be finite.",
        kind, alpha, beta);
    Check.argument((kind.constants > 0 || alpha == 0) && (kind.constants > 1 || beta == 0),
        "%s takes %d constants, and is to have %s and %s. Leave those that it lacks 0.", kind, kind.constants, alpha,
        beta);
    alpha = kind.constants > 0 ? alpha : 0; // and not -0, which would be another record
    beta = kind.constants > 1 ? beta : 0;
  }

  /** The name as a listing shows it: {@code tanh}, {@code hard_sigmoid(0.2,0.5)}. */
  @Override
  public String toString() {
    String name = kind.name().toLowerCase(Locale.ROOT);
    return switch (kind.constants) {
      case 0 -> name;
      case 1 -> name + "(" + alpha + ")";
      default -> name + "(" + alpha + "," + beta + ")";
    };
  }
}
