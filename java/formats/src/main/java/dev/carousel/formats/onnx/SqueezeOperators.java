package dev.carousel.formats.onnx;

import dev.carousel.formats.data.FormatException;
import dev.carousel.formats.onnx.Factor.Columns;
import dev.carousel.formats.onnx.Factor.Dim;
import dev.carousel.formats.onnx.Factor.Part;
import dev.carousel.formats.onnx.Factor.Reversed;
import dev.carousel.formats.onnx.Factor.Turned;
import dev.carousel.formats.onnx.Value.Constant;
import dev.carousel.formats.onnx.Value.Filled;
import dev.carousel.formats.onnx.Value.Given;
import dev.carousel.formats.onnx.Value.Integers;
import dev.carousel.formats.onnx.Value.Laid;
import dev.carousel.formats.onnx.Value.Stacked;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The operators that take away axes of size 1, or add them. */
final class SqueezeOperators {
  private SqueezeOperators() {}

  static Value squeeze(Call call) throws FormatException {
    Value value = call.input(0);
    Optional<List<Long>> named = call.settings("axes", 1);
    return switch (value) {
      case Filled _ -> value;
      case Stacked _ -> throw call.foreign();
      case Integers integers -> {
        if (integers.elements().size() != 1) {
          throw call.refused("takes away the axis of %d integers", integers.elements().size());
        }
        yield new Integers(integers.elements(), true);
      }
      case Constant constant -> Constant.of(Folding.squeezed(call, constant.array(), named));
      case Laid laid -> {
        Laid result = laid;
        for (int i = laid.axes().rank() - 1; i >= 0; i--) {
          if (named.isPresent() ? axes(call, named.get(), laid.axes().rank()).contains(i) : one(laid, i)) {
            result = dropped(call, result, i);
          }
        }
        yield result;
      }
    };
  }

  static List<Integer> axes(Call call, List<Long> named, int rank) throws FormatException {
    List<Integer> axes = new ArrayList<>();
    if (named.size() > rank) {
      throw call.refused("names %d axes of a value with %d", named.size(), rank);
    }
    for (long axis : named) {
      axes.add(call.axis(axis, rank));
    }
    return axes;
  }

  private static boolean one(Laid laid, int axis) {
    return laid.axes().size(axis).is(1);
  }

  /** Without an axis of size 1; of an input, the index that a dimension was cut to is kept in mind. */
  static Laid dropped(Call call, Laid laid, int axis) throws FormatException {
    List<Factor> factors = laid.axes().get(axis);
    if (factors.isEmpty()) {
      return laid.axes(laid.axes().without(axis));
    }
    if (laid instanceof Given given && factors.size() == 1 && factors.getFirst() instanceof Part part
        && part.count() == 1) {
      List<Part> picked = new ArrayList<>(given.picked());
      picked.add(part);
      return new Given(given.input(), given.axes().without(axis), List.copyOf(picked), given.floats());
    }
    throw call.refused("takes away axis %d, %s", axis, describe(factors.getFirst()));
  }

  static String describe(Factor factor) {
    return switch (factor) {
      case Dim dim -> "dimension " + dim.axis() + " of the input " + dim.input()
          + (dim.declared() == 1 ? ", whose size is declared to be 1" : ", whose size may be more than 1");
      case Reversed reversed -> describe(reversed.dim());
      case Turned _ -> "which is reversed by lengths";
      case Factor.Padded padded -> describe(padded.dim());
      case Part part -> "which is " + part.count() + " indices of the input " + part.dim().input();
      case Columns columns -> "which counts " + columns.count() + " columns";
    };
  }

  static Value unsqueeze(Call call) throws FormatException {
    Value value = call.input(0);
    List<Long> named = call.settings("axes", 1).orElseThrow(() -> call.refused("names no axes"));
    int rank = named.size() + switch (value) {
      case Laid laid -> laid.axes().rank();
      case Constant constant -> constant.array().rank();
      case Integers integers -> integers.scalar() ? 0 : 1;
      case Filled _ -> 0;
      case Stacked _ -> throw call.foreign();
    };
    if (rank > Axes.MOST) {
      throw call.refused("makes a value with %d axes; at most %d are read", rank, Axes.MOST);
    }
    if (value instanceof Filled) {
      return value;
    }
    List<Integer> axes = axes(call, named, rank).stream().sorted().distinct().toList();
    if (axes.size() != named.size()) {
      throw call.refused("names an axis twice");
    }
    return switch (value) {
      case Laid laid -> {
        Axes wider = laid.axes();
        for (int axis : axes) {
          wider = wider.inserted(axis);
        }
        yield laid.axes(wider);
      }
      case Constant constant -> {
        List<Long> shape = new ArrayList<>(constant.array().shape());
        axes.forEach(axis -> shape.add(axis, 1L));
        yield Constant.of(constant.array().shaped(shape));
      }
      case Integers integers -> {
        if (rank != 1) {
          throw call.refused("makes a matrix of integers that are a shape");
        }
        yield new Integers(integers.elements(), false);
      }
      case Filled _,Stacked _ -> value;
    };
  }
}
