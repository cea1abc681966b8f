package dev.carousel.formats.onnx;

import dev.carousel.formats.data.FormatException;
import dev.carousel.formats.data.NdArray;
import dev.carousel.formats.onnx.Value.Constant;
import dev.carousel.formats.onnx.Value.Laid;
import dev.carousel.formats.onnx.Value.Rows;
import dev.carousel.spi.form.Activation;
import dev.carousel.spi.form.Activation.Kind;
import dev.carousel.spi.form.Mapping.Combine.Rule;
import java.util.Optional;

/** The operators that are a function of each element. */
record FunctionOperators(Call call) {
  private static final float SELU_ALPHA = 1.6732632f; // ONNX's defaults
  private static final float SELU_GAMMA = 1.050701f;

  Value apply() throws FormatException {
    if (!(call.input(0) instanceof Laid laid)) {
      throw call.foreign();
    }
    Rows rows = new RowReader(call).rows(laid);
    Functions functions = new Functions(call);
    Optional<Activation> one = NodeActivations.of(call);
    if (one.isPresent()) {
      return functions.of(rows, one.get());
    }
    return switch (call.node().operator()) {
      case "Erf" -> functions.of(rows, Kind.ERF.of());
      case "Exp" -> functions.of(rows, Kind.EXP.of());
      case "Log" -> functions.of(rows, Kind.LOG.of());
      case "Sqrt" -> functions.of(rows, Kind.SQRT.of());
      case "Abs" -> functions.of(rows, Kind.ABS.of());
      case "Reciprocal" -> functions.of(rows, Kind.RECIPROCAL.of());
      case "Neg" -> functions.of(rows, Kind.AFFINE.of(-1, 0));
      case "Gelu" -> functions.of(rows, (call.text("approximate", "none").equals("tanh") ? Kind.GELU_TANH : Kind.GELU)
          .of());
      case "Clip" -> clip(functions, rows);
      case "Selu" -> functions.of(functions.of(rows, Kind.ELU.of(finite(call.real("alpha", SELU_ALPHA)))),
          Kind.AFFINE.of(finite(call.real("gamma", SELU_GAMMA)), 0));
      case "Celu" -> celu(functions, rows, finite(call.real("alpha", 1)));
      case "HardSwish" -> times(rows, functions.of(rows, Kind.HARD_SIGMOID.of(1f / 6, 0.5f)));
      case "Mish" -> times(rows, functions.of(functions.of(rows, Kind.SOFTPLUS.of()), Activation.TANH));
      case "Swish" -> swish(functions, rows, finite(call.real("alpha", 1)));
      case "PRelu" -> slopes(functions, rows);
      default -> throw call.foreign();
    };
  }

  private float finite(float number) throws FormatException {
    if (!Float.isFinite(number)) {
      throw call.refused("has the constant %s; it must be finite", number);
    }
    return number;
  }

  private Rows times(Rows rows, Rows others) throws FormatException {
    return new Pairs(call, Rule.MULTIPLY).of(rows, others);
  }

  /** Between bounds that are attributes in older opsets and inputs in newer ones, and may be left out. */
  private Rows clip(Functions functions, Rows rows) throws FormatException {
    float least = bound("min", 1, -Float.MAX_VALUE);
    float most = bound("max", 2, Float.MAX_VALUE);
    return least == 0 && most == Float.MAX_VALUE ? functions.of(rows, Activation.RELU)
        : functions.of(rows, Kind.CLIP.of(least, most));
  }

  private float bound(String attribute, int index, float otherwise) throws FormatException {
    float bound = call.real(attribute, otherwise);
    if (call.optional(index).isPresent()) {
      NdArray array = call.constant(index, attribute);
      if (array.count() != 1) {
        throw call.refused("has %s as its %s; one number is needed", array, attribute);
      }
      bound = array.getFloat(0);
    }
    if (Float.isNaN(bound)) {
      throw call.refused("has the bound %s", bound);
    }
    return Math.clamp(bound, -Float.MAX_VALUE, Float.MAX_VALUE);
  }

  private Rows celu(Functions functions, Rows rows, float alpha) throws FormatException {
    if (!Float.isFinite(1 / alpha)) {
      throw call.refused("has an alpha of %s, by which it divides", alpha);
    }
    Rows narrow = functions.of(rows, Kind.AFFINE.of(1 / alpha, 0));
    return functions.of(functions.of(narrow, Kind.ELU.of(1)), Kind.AFFINE.of(alpha, 0));
  }

  private Rows swish(Functions functions, Rows rows, float alpha) throws FormatException {
    return alpha == 1 ? functions.of(rows, Kind.SILU.of())
        : times(rows, functions.of(functions.of(rows, Kind.AFFINE.of(alpha, 0)), Activation.SIGMOID));
  }

  /** What is below 0 times a slope, or times one for each column. */
  private Rows slopes(Functions functions, Rows rows) throws FormatException {
    NdArray slopes = call.constant(1, "slope");
    if (slopes.count() == 1) {
      return functions.of(rows, Kind.LEAKY_RELU.of(finite(slopes.getFloat(0))));
    }
    Rows above = functions.of(rows, Activation.RELU);
    Rows below = functions.of(rows, Kind.CLIP.of(-Float.MAX_VALUE, 0));
    return new Pairs(call, Rule.SUM).of(above, new WithConstant(call, Rule.MULTIPLY, false).of(below, slopes));
  }

  /** A power that multiplications and roots make. */
  Value power() throws FormatException {
    if (!(call.input(0) instanceof Laid laid) || !(call.input(1) instanceof Constant constant)
        || constant.array().count() != 1) {
      throw call.refused("takes a power that is not one constant number of rows");
    }
    Rows rows = new RowReader(call).rows(laid);
    Functions functions = new Functions(call);
    float exponent = constant.array().getFloat(0);
    if (exponent == 1) {
      return rows;
    }
    if (exponent == 2) {
      return times(rows, rows);
    }
    if (exponent == 3) {
      return times(times(rows, rows), rows);
    }
    if (exponent == 0.5f) {
      return functions.of(rows, Kind.SQRT.of());
    }
    if (exponent == -1) {
      return functions.of(rows, Kind.RECIPROCAL.of());
    }
    if (exponent == -0.5f) {
      return functions.of(functions.of(rows, Kind.SQRT.of()), Kind.RECIPROCAL.of());
    }
    throw call.refused("takes the power %s; Carousel takes 2, 3, -1, 0.5 and -0.5", exponent);
  }
}
