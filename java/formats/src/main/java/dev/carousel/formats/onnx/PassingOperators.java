package dev.carousel.formats.onnx;

import dev.carousel.formats.data.FormatException;
import dev.carousel.formats.onnx.Value.Constant;
import dev.carousel.formats.onnx.Value.Counted;
import dev.carousel.formats.onnx.Value.Filled;
import dev.carousel.formats.onnx.Value.Given;
import dev.carousel.formats.onnx.Value.Integers;
import dev.carousel.formats.onnx.Value.Rows;
import dev.carousel.formats.onnx.proto.ElementType;
import java.util.Optional;
import java.util.OptionalLong;

/** The operators that let a value pass as it is, in a network that is only run. */
final class PassingOperators {
  private static final int BOOL = 9; // ONNX's number of the type

  private PassingOperators() {}

  /** 1 for what is not 0. */
  private static Size truth(Size size) {
    OptionalLong number = size.number();
    return number.isPresent() ? Size.of(number.getAsLong() == 0 ? 0 : 1) : Size.UNKNOWN;
  }

  /** A change of the type, which matters only for an input that layers have not read: its numbers may be indices. */
  static Value cast(Call call) throws FormatException {
    Value value = call.input(0);
    long to = call.node().attribute("to").map(attribute -> attribute.text().isEmpty()
        ? attribute.integer()
        : older(attribute.text())).orElse(0L);
    boolean integer = to == ElementType.INT32 || to == ElementType.INT64;
    boolean floats = !integer && ElementType.element((int) to).isPresent();
    return switch (value) {
      case Given given when integer || floats -> new Given(given.input(), given.axes(), given.picked(), floats);
      case Rows rows when floats -> rows;
      case Counted counted when integer || floats -> counted;
      case Value.Ends ends when integer -> ends;
      case Integers integers when to == BOOL -> new Integers(integers.elements().stream().map(PassingOperators::truth)
          .toList(), integers.scalar());
      case Integers _,Filled _ -> value;
      case Constant constant when floats || constant.array().element().integer() -> value;
      default -> throw call.refused("makes %s of %s; only floats stay floats in a network that Carousel runs",
          ElementType.name((int) to), value instanceof Constant ? "a constant" : "rows");
    };
  }

  /** The names of types in opsets before 6. */
  private static long older(String type) {
    for (int number = 1; number <= 16; number++) {
      if (ElementType.name(number).equalsIgnoreCase(type)) {
        return number;
      }
    }
    return 0;
  }

  /** Nothing is dropped where a network is only run; an exported network in training is refused. */
  static Value dropout(Call call) throws FormatException {
    Optional<Value> training = call.optional(2);
    if (training.isPresent()) {
      Optional<Integers> flag = Call.integers(training.get());
      if (flag.isEmpty() || !flag.get().elements().getFirst().is(0)) {
        throw call.refused("drops values at random, as in training; export the model for inference");
      }
    }
    return call.input(0);
  }
}
