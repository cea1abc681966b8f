package dev.carousel.formats.onnx;

import dev.carousel.formats.data.FormatException;
import dev.carousel.formats.data.NdArray;
import dev.carousel.formats.onnx.Value.Constant;
import dev.carousel.formats.onnx.Value.Filled;
import dev.carousel.formats.onnx.Value.Integers;
import dev.carousel.formats.onnx.Value.Laid;
import dev.carousel.formats.onnx.proto.AttributeProto;
import dev.carousel.formats.onnx.proto.TensorProto;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.BinaryOperator;
import org.jspecify.annotations.Nullable;

/** The operators with which exporters compute shapes, and the zeros of such shapes. Nothing of such a size is made. */
final class ShapeOperators {
  private ShapeOperators() {}

  /** A constant node: a tensor, a number or a list of numbers. */
  static Value constant(Call call) throws IOException {
    for (AttributeProto attribute : call.node().attributes()) {
      TensorProto tensor = attribute.tensor();
      switch (attribute.name()) {
        case "value" -> {
          if (tensor != null) {
            return new Constant(call.reading().data().array(tensor));
          }
        }
        case "value_float" -> {
          return new Constant(NdArray.of(List.of(), attribute.real()));
        }
        case "value_floats" -> {
          return new Constant(floats(attribute.reals()));
        }
        case "value_int" -> {
          return Integers.scalar(Size.of(attribute.integer()));
        }
        case "value_ints" -> {
          return integers(call, attribute.integers().stream().map(Size::of).toList(), false);
        }
        default -> {
          // a name that says nothing about the value
        }
      }
    }
    throw call.refused("holds no numbers; put them into its attribute value");
  }

  private static NdArray floats(List<Float> values) {
    float[] array = new float[values.size()];
    for (int i = 0; i < array.length; i++) {
      array[i] = values.get(i);
    }
    return NdArray.of(List.of((long) array.length), array);
  }

  private static Integers integers(Call call, List<Size> elements, boolean scalar) throws FormatException {
    if (elements.size() > Integers.MOST) {
      throw call.refused("computes %d integers; a shape has at most %d", elements.size(), Integers.MOST);
    }
    return new Integers(elements, scalar);
  }

  static Value shape(Call call) throws FormatException {
    List<Size> sizes = switch (call.input(0)) {
      case Laid laid -> laid.axes().sizes();
      case Constant constant -> constant.array().shape().stream().map(Size::of).toList();
      case Integers integers -> integers.scalar() ? List.of() : List.of(Size.of(integers.elements().size()));
      case Filled _ -> throw call.refused("asks for the shape of a constant that was made to a computed shape");
    };
    int from = bound(call.integer("start", 0), sizes.size());
    int to = bound(call.integer("end", Long.MAX_VALUE), sizes.size());
    return integers(call, from < to ? sizes.subList(from, to) : List.of(), false);
  }

  private static int bound(long index, int size) {
    return Math.clamp(index < 0 ? index + size : index, 0, size);
  }

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

  /** A constant of one value, made larger: its size is left open. Of rows, only what leaves them as they are. */
  static Value expand(Call call) throws FormatException {
    Value value = call.input(0);
    Optional<Filled> filled = filled(call, value);
    if (filled.isPresent()) {
      return filled.get();
    }
    if (value instanceof Laid laid && call.node().operator().equals("Expand")) {
      List<Size> shape = call.integers(1, "shape");
      int more = laid.axes().rank() - shape.size();
      boolean same = more >= 0;
      for (int i = 0; same && i < shape.size(); i++) {
        same = shape.get(i).is(1) || shape.get(i).same(laid.axes().size(more + i));
      }
      if (same) {
        return laid;
      }
    }
    throw call.refused("repeats a value along an axis; Carousel repeats only zeros that states start with");
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
      case Laid _ -> Optional.empty();
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

  /** An operator on integers, element by element; null where the inputs are no integers. */
  static @Nullable Value arithmetic(Call call) throws FormatException {
    BinaryOperator<Size> operator = switch (call.node().operator()) {
      case "Add" -> Size::plus;
      case "Sub" -> Size::minus;
      case "Mul" -> Size::times;
      case "Div" -> Size::over;
      default -> ShapeOperators::equal;
    };
    Optional<Integers> left = Call.integers(call.input(0));
    Optional<Integers> right = Call.integers(call.input(1));
    if (left.isEmpty() || right.isEmpty()) {
      return null;
    }
    return zipped(call, left.get(), right.get(), operator);
  }

  private static Size equal(Size left, Size right) {
    if (left.same(right)) {
      return Size.ONE;
    }
    boolean numbers = left.number().isPresent() && right.number().isPresent();
    boolean negative = left.known() && right.known() && (left.times() < 0) != (right.times() < 0); // a size is not -1
    return numbers || negative ? Size.of(0) : Size.UNKNOWN;
  }

  private static Integers zipped(Call call, Integers left, Integers right, BinaryOperator<Size> operator)
      throws FormatException {
    int count = Math.max(left.elements().size(), right.elements().size());
    List<Size> elements = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      elements.add(operator.apply(element(call, left, i, count), element(call, right, i, count)));
    }
    return new Integers(elements, left.scalar() && right.scalar());
  }

  private static Size element(Call call, Integers from, int index, int count) throws FormatException {
    int size = from.elements().size();
    if (size != count && size != 1) {
      throw call.refused("computes with %d and %d integers", size, count);
    }
    return from.elements().get(size == 1 ? 0 : index);
  }

  /** A choice between integers. */
  static Value where(Call call) throws FormatException {
    List<Optional<Integers>> all = List.of(Call.integers(call.input(0)), Call.integers(call.input(1)),
        Call.integers(call.input(2)));
    if (all.stream().anyMatch(Optional::isEmpty)) {
      throw call.foreign();
    }
    Integers condition = all.get(0).orElseThrow();
    Integers yes = all.get(1).orElseThrow();
    Integers no = all.get(2).orElseThrow();
    int count = Math.max(condition.elements().size(), Math.max(yes.elements().size(), no.elements().size()));
    List<Size> elements = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      Size chosen = element(call, condition, i, count);
      elements.add(chosen.is(0) ? element(call, no, i, count)
          : chosen.is(1) ? element(call, yes, i, count) : Size.UNKNOWN);
    }
    return new Integers(elements, condition.scalar() && yes.scalar() && no.scalar());
  }

  static Value product(Call call) throws FormatException {
    List<Size> factors = call.integers(0, "input");
    Size product = factors.stream().reduce(Size.ONE, Size::times);
    return new Integers(List.of(product), call.integer("keepdims", 1) == 0);
  }
}
