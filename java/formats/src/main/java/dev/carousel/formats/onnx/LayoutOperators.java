package dev.carousel.formats.onnx;

import dev.carousel.formats.data.FormatException;
import dev.carousel.formats.onnx.Value.Constant;
import dev.carousel.formats.onnx.Value.Filled;
import dev.carousel.formats.onnx.Value.Integers;
import dev.carousel.formats.onnx.Value.Laid;
import dev.carousel.formats.onnx.Value.Stacked;
import dev.carousel.formats.onnx.proto.AttributeProto;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The operators that only arrange: what they do to a value is done to its axes. */
final class LayoutOperators {
  private LayoutOperators() {}

  static Value transpose(Call call) throws FormatException {
    Value value = call.input(0);
    int rank = switch (value) {
      case Laid laid -> laid.axes().rank();
      case Constant constant -> constant.array().rank();
      case Integers integers -> integers.scalar() ? 0 : 1;
      case Filled _ -> -1;
      case Stacked _ -> throw call.foreign();
    };
    if (rank < 0) {
      return value;
    }
    List<Integer> order = order(call, rank);
    return switch (value) {
      case Laid laid -> laid.axes(laid.axes().permuted(order));
      case Constant constant -> Constant.of(Folding.transposed(call, constant.array(), order));
      case Integers _,Filled _,Stacked _ -> value;
    };
  }

  private static List<Integer> order(Call call, int rank) throws FormatException {
    Optional<AttributeProto> given = call.node().attribute("perm");
    List<Integer> order = new ArrayList<>();
    for (int i = 0; i < rank; i++) {
      order.add(rank - 1 - i);
    }
    if (given.isEmpty()) {
      return order;
    }
    List<Long> wanted = given.get().integers();
    if (wanted.size() != rank || wanted.stream().distinct().count() != rank
        || wanted.stream().anyMatch(axis -> axis < 0 || axis >= rank)) {
      throw call.refused("arranges a value with %d axes by a perm of %d numbers that is no order of them", rank,
          wanted.size());
    }
    return wanted.stream().map(Long::intValue).toList();
  }

  static Value reshape(Call call) throws FormatException {
    Value value = call.input(0);
    if (value instanceof Filled) {
      return value;
    }
    List<Size> shape = call.node().attribute("shape").isPresent()
        ? call.node().attribute("shape").get().integers().stream().map(Size::of).toList()
        : call.integers(1, "shape");
    boolean zeros = call.integer("allowzero", 0) != 0;
    return shaped(call, value, shape, zeros);
  }

  /** To the sizes, of which one may be -1, and 0 stands for the axis at that place. */
  private static Value shaped(Call call, Value value, List<Size> shape, boolean zeros) throws FormatException {
    if (shape.size() > Axes.MOST) {
      throw call.refused("has %d axes; at most %d are read", shape.size(), Axes.MOST);
    }
    return switch (value) {
      case Stacked _ -> throw call.foreign();
      case Laid laid -> {
        List<Size> sizes = new ArrayList<>(shape);
        for (int i = 0; i < sizes.size(); i++) {
          if (!zeros && sizes.get(i).is(0) && i < laid.axes().rank()) {
            sizes.set(i, laid.axes().size(i));
          }
        }
        yield laid.axes(Regrouping.of(laid.axes(), sizes).orElseThrow(() -> call.refused("cuts or joins axes across"
            + " the steps, the sequences or the columns, so that it is not clear which is which afterwards; export the"
            + " model with dynamic axes, or arrange with Transpose")));
      }
      case Constant constant -> Constant.of(Folding.shaped(call, constant.array(), shape, zeros));
      case Integers integers -> {
        if (shape.size() > 1) {
          yield Constant.of(Folding.shaped(call, Folding.numbers(call, integers), shape, zeros));
        }
        if (shape.isEmpty() && integers.elements().size() != 1) {
          throw call.refused("makes one number of %d integers", integers.elements().size());
        }
        yield new Integers(integers.elements(), shape.isEmpty());
      }
      case Filled _ -> value;
    };
  }

  /** Two axes: those before the attribute's axis as one, and the others as one. */
  static Value flatten(Call call) throws FormatException {
    if (!(call.input(0) instanceof Laid laid)) {
      throw call.foreign();
    }
    long wanted = call.integer("axis", 1);
    int rank = laid.axes().rank();
    int axis = wanted == rank ? rank : call.axis(wanted, rank);
    List<Factor> before = new ArrayList<>();
    List<Factor> after = new ArrayList<>();
    for (int i = 0; i < rank; i++) {
      (i < axis ? before : after).addAll(laid.axes().get(i));
    }
    return laid.axes(Axes.of(before, after));
  }

}
