package dev.carousel.formats.onnx;

import dev.carousel.formats.data.FormatException;
import dev.carousel.formats.onnx.Factor.Columns;
import dev.carousel.formats.onnx.Factor.Dim;
import dev.carousel.formats.onnx.Factor.Part;
import dev.carousel.formats.onnx.Value.Constant;
import dev.carousel.formats.onnx.Value.Filled;
import dev.carousel.formats.onnx.Value.Given;
import dev.carousel.formats.onnx.Value.Integers;
import dev.carousel.formats.onnx.Value.Laid;
import dev.carousel.formats.onnx.Value.Rows;
import dev.carousel.formats.onnx.proto.AttributeProto;
import dev.carousel.formats.onnx.proto.ElementType;
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
    };
    if (rank < 0) {
      return value;
    }
    List<Integer> order = order(call, rank);
    return switch (value) {
      case Laid laid -> laid.axes(laid.axes().permuted(order));
      case Constant constant -> new Constant(Folding.transposed(call, constant.array(), order));
      case Integers _,Filled _ -> value;
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
      case Constant constant -> new Constant(Folding.shaped(call, constant.array(), shape, zeros));
      case Integers integers -> {
        if (shape.size() > 1 || (shape.isEmpty() && integers.elements().size() != 1)) {
          throw call.refused("makes a matrix of integers that are a shape");
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

  static Value squeeze(Call call) throws FormatException {
    Value value = call.input(0);
    Optional<List<Long>> named = call.settings("axes", 1);
    return switch (value) {
      case Filled _ -> value;
      case Integers integers -> {
        if (integers.elements().size() != 1) {
          throw call.refused("takes away the axis of %d integers", integers.elements().size());
        }
        yield new Integers(integers.elements(), true);
      }
      case Constant constant -> new Constant(Folding.squeezed(call, constant.array(), named));
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
        && part.to() - part.from() == 1) {
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
      case Part part -> "which is " + (part.to() - part.from()) + " indices of the input " + part.dim().input();
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
        yield new Constant(constant.array().shaped(shape));
      }
      case Integers integers -> {
        if (rank != 1) {
          throw call.refused("makes a matrix of integers that are a shape");
        }
        yield new Integers(integers.elements(), false);
      }
      case Filled _ -> value;
    };
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
