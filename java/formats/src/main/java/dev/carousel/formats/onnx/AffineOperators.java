package dev.carousel.formats.onnx;

import dev.carousel.Dense;
import dev.carousel.formats.data.FormatException;
import dev.carousel.formats.data.NdArray;
import dev.carousel.formats.onnx.Value.Constant;
import dev.carousel.formats.onnx.Value.Rows;
import dev.carousel.spi.form.Activation;
import dev.carousel.spi.form.Activation.Kind;

/**
 * The operators that compute with one number and with all that a dense layer gives: they add, subtract, multiply or
 * divide. They make an affine activation, or a scaled tanh together with a tanh among them.
 */
final class AffineOperators {
  private AffineOperators() {}

  /** Whether a node is one of these; what is added to a product alone is its bias. */
  static boolean fits(Call call) throws FormatException {
    boolean first = call.input(0) instanceof Constant;
    if (!(call.input(first ? 1 : 0) instanceof Rows rows) || !(call.input(first ? 0 : 1) instanceof Constant constant)
        || call.node().operator().equals("Equal")) {
      return false;
    }
    NdArray number = constant.array();
    return number.count() == 1 && !number.element().integer() && number.rank() <= rows.axes().rank()
        && !call.reading().chain().layers().isEmpty()
        && call.reading().chain().layers().getLast() instanceof Dense dense
        && !(call.node().operator().equals("Add") && dense.activation().equals(Activation.IDENTITY));
  }

  static Value apply(Call call) throws FormatException {
    boolean first = call.input(0) instanceof Constant;
    Rows rows = (Rows) call.input(first ? 1 : 0);
    float number = ((Constant) call.input(first ? 0 : 1)).array().getFloat(0);
    Dense dense = DenseOperators.last(call, rows);
    Activation before = dense.activation();
    Activation after = switch (call.node().operator()) {
      case "Add" -> then(call, before, 1, number);
      case "Sub" -> first ? then(call, before, -1, number) : then(call, before, 1, -number);
      case "Mul" -> then(call, before, number, 0);
      default -> {
        if (first) {
          throw call.refused("divides a number by what a layer gives; Carousel multiplies and adds numbers there");
        }
        yield then(call, before, 1 / number, 0);
      }
    };
    return DenseOperators.changed(call, rows, dense.activation(after));
  }

  /** What is behind an activation times a factor, and an offset added. */
  private static Activation then(Call call, Activation before, float factor, float offset) throws FormatException {
    float alpha = before.kind() == Kind.TANH ? factor : before.alpha() * factor;
    float beta = switch (before.kind()) {
      case AFFINE -> before.beta() * factor + offset;
      case TANH -> 1;
      default -> before.beta();
    };
    boolean tanh = (before.kind() == Kind.TANH || before.kind() == Kind.SCALED_TANH) && offset == 0;
    if (!tanh && before.kind() != Kind.AFFINE) {
      throw call
          .refused("computes with a number and what the activation %s gives; Carousel multiplies what a tanh gives,"
              + " and before an activation multiplies and adds", before);
    }
    if (!Float.isFinite(alpha) || !Float.isFinite(beta)) {
      throw call.refused("computes with a number that makes constants of %s and %s; they must be finite", alpha, beta);
    }
    return (tanh ? Kind.SCALED_TANH : Kind.AFFINE).of(alpha, beta);
  }
}
