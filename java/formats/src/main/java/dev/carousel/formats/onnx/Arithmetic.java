package dev.carousel.formats.onnx;

import dev.carousel.formats.data.FormatException;
import dev.carousel.formats.data.NdArray;
import dev.carousel.formats.onnx.Value.Constant;
import dev.carousel.formats.onnx.Value.Filled;
import dev.carousel.formats.onnx.Value.Integers;
import dev.carousel.formats.onnx.Value.Laid;
import dev.carousel.formats.onnx.Value.Rows;
import dev.carousel.spi.form.Activation.Kind;
import dev.carousel.spi.form.Mapping.Combine.Rule;
import java.util.List;
import java.util.Optional;

/** The operators that compute with two values element by element, of which one at least is rows. */
record Arithmetic(Call call) {

  Value apply() throws FormatException {
    Value value = call.input(0);
    for (int i = 1; i < call.inputs().size(); i++) {
      value = apply(value, call.input(i));
    }
    if (call.node().operator().equals("Mean") && call.inputs().size() > 1) {
      return new Functions(call).of((Rows) value, Kind.AFFINE.of(1f / call.inputs()
          .size(), 0));
    }
    return value;
  }

  private Value apply(Value left, Value right) throws FormatException {
    Optional<Value.Ends> ends = LastSteps.ends(call, left, right);
    if (ends.isPresent()) {
      return ends.get();
    }
    RowReader reader = new RowReader(call);
    if (left instanceof Laid first && right instanceof Laid second) {
      return new Pairs(call, rule()).of(reader.rows(first), reader.rows(second));
    }
    if (left instanceof Laid rows) {
      return new WithConstant(call, rule(), false).of(reader.rows(rows), constant(right));
    }
    if (right instanceof Laid rows) {
      return new WithConstant(call, rule(), true).of(reader.rows(rows), constant(left));
    }
    throw call.foreign();
  }

  private NdArray constant(Value value) throws FormatException {
    return switch (value) {
      case Constant constant -> constant.array();
      case Filled filled when filled.element().number().isPresent() ->
        NdArray.of(List.of(), (float) filled.element().number().getAsLong());
      case Integers integers when integers.elements().size() == 1
          && integers.elements().getFirst().number().isPresent() ->
        NdArray.of(List.of(), (float) integers.elements().getFirst().number()
            .getAsLong());
      default -> throw call.refused("computes with rows and with what depends on the input's size");
    };
  }

  private Rule rule() throws FormatException {
    return switch (call.node().operator()) {
      case "Add", "Sum", "Mean" -> Rule.SUM;
      case "Sub" -> Rule.SUBTRACT;
      case "Mul" -> Rule.MULTIPLY;
      case "Div" -> Rule.DIVIDE;
      case "Max" -> Rule.MAXIMUM;
      case "Min" -> Rule.MINIMUM;
      default -> throw call.foreign();
    };
  }
}
