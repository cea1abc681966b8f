package dev.carousel.formats.onnx;

import dev.carousel.formats.data.FormatException;
import dev.carousel.formats.data.NdArray;
import dev.carousel.formats.onnx.Value.Constant;
import dev.carousel.formats.onnx.Value.Filled;
import dev.carousel.formats.onnx.Value.Integers;
import dev.carousel.formats.onnx.Value.Laid;
import dev.carousel.formats.onnx.Value.Stacked;
import dev.carousel.formats.onnx.proto.AttributeProto;
import dev.carousel.formats.onnx.proto.TensorProto;
import java.io.IOException;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** The operators that make tensors of one value, most of all the zeros that states start with. Nothing of their size is made. */
final class FillOperators {
  private FillOperators() {}

  /** Zeros of any shape, or a few integers; ONNX's default is a zero. */
  static Value constantOfShape(Call call) throws IOException {
    Optional<AttributeProto> value = call.node().attribute("value");
    TensorProto tensor = value.isPresent() ? value.get().tensor() : null;
    NdArray one = tensor == null ? NdArray.of(List.of(1L), 0) : call.reading().data().array(tensor);
    if (one.count() != 1) {
      throw call.refused("fills with %d values, and one is needed", one.count());
    }
    Size element = element(call, one);
    Optional<Integers> shape = Call.integers(call.input(0));
    if (one.element().integer() && shape.isPresent() && shape.get().elements().size() == 1) {
      OptionalLong count = shape.get().elements().getFirst().number();
      if (count.isPresent() && count.getAsLong() >= 0 && count.getAsLong() <= Integers.MOST) {
        return new Integers(Collections.nCopies((int) count.getAsLong(), element), false);
      }
    }
    return new Filled(element);
  }

  private static Size element(Call call, NdArray one) throws FormatException {
    long number = one.getLong(0);
    if (!one.element().integer() && number != one.getFloat(0)) {
      throw call.refused("fills with %s; what states start with in a network that Carousel runs is 0 or an input",
          one.getFloat(0));
    }
    return Size.of(number);
  }

  /** A constant of one value, made larger: its size is left open. */
  static Value expand(Call call) throws FormatException {
    Value value = call.input(0);
    Optional<Filled> filled = filled(call, value);
    if (filled.isPresent()) {
      return filled.get();
    }
    if (value instanceof Laid laid) {
      return new Repetition(call).of(laid);
    }
    throw call.refused("repeats a constant that is not of one value");
  }

  /** The one value that all elements have. */
  static Optional<Filled> filled(Call call, Value value) throws FormatException {
    return switch (value) {
      case Filled filled -> Optional.of(filled);
      case Integers integers -> !integers.elements().isEmpty()
          && integers.elements().stream().allMatch(integers.elements().getFirst()::same)
              ? Optional.of(new Filled(integers.elements().getFirst()))
              : Optional.empty();
      case Constant constant -> filled(call, constant.array());
      case Laid _,Stacked _ -> Optional.empty();
    };
  }

  private static Optional<Filled> filled(Call call, NdArray array) throws FormatException {
    if (array.count() == 0 || array.getLong(0) != array.getFloat(0)) {
      return Optional.empty();
    }
    call.reading().spend(array.data().byteSize(), call.label());
    long first = array.getLong(0);
    for (long i = 1; i < array.count(); i++) {
      if (array.element().integer() ? array.getLong(i) != first : array.getFloat(i) != first) {
        return Optional.empty();
      }
    }
    return Optional.of(new Filled(Size.of(first)));
  }
}
