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
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
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
            return Constant.of(call.reading().data().array(tensor));
          }
        }
        case "value_float" -> {
          return Constant.of(NdArray.of(List.of(), attribute.real()));
        }
        case "value_floats" -> {
          return Constant.of(floats(attribute.reals()));
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
      case Stacked _ -> throw call.foreign();
      case Filled _ -> throw call.refused("asks for the shape of a constant that was made to a computed shape");
    };
    int from = bound(call.integer("start", 0), sizes.size());
    int to = bound(call.integer("end", Long.MAX_VALUE), sizes.size());
    return integers(call, from < to ? sizes.subList(from, to) : List.of(), false);
  }

  /** How many elements a value has. */
  static Value size(Call call) throws FormatException {
    return Integers.scalar(switch (call.input(0)) {
      case Laid laid -> laid.axes().sizes().stream().reduce(Size.ONE, Size::times);
      case Constant constant -> Size.of(constant.array().count());
      case Integers integers -> Size.of(integers.elements().size());
      case Stacked _,Filled _ -> throw call.foreign();
    });
  }

  private static int bound(long index, int size) {
    return Math.clamp(index < 0 ? index + size : index, 0, size);
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
