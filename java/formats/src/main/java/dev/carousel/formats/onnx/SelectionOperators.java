package dev.carousel.formats.onnx;

import dev.carousel.Embedding;
import dev.carousel.Tensor;
import dev.carousel.formats.data.FormatException;
import dev.carousel.formats.data.NdArray;
import dev.carousel.formats.onnx.Factor.Columns;
import dev.carousel.formats.onnx.Piece.Rest;
import dev.carousel.formats.onnx.Value.Given;
import dev.carousel.formats.onnx.Value.Integers;
import dev.carousel.formats.onnx.Value.Laid;
import dev.carousel.formats.onnx.Value.Rows;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The operators that take a part of a value: of a shape, of states, the last step; and the look-up in a table. */
final class SelectionOperators {
  private SelectionOperators() {}

  static Value gather(Call call) throws FormatException {
    if (call.input(1) instanceof Given indices) {
      return embedding(call, indices);
    }
    Integers indices = Call.integers(call.input(1)).orElseThrow(call::foreign);
    List<Long> numbers = call.numbers(1, "index");
    for (int i = 1; i < numbers.size(); i++) {
      if (numbers.get(i) != numbers.get(0) + i) {
        return several(call, numbers);
      }
    }
    if (numbers.isEmpty()) {
      throw call.refused("takes no index at all");
    }
    long axis = call.integer("axis", 0);
    Cut cut = Cut.index(numbers.getFirst());
    return new Cutting(call).of(call.input(0), axis, indices.scalar() ? cut
        : new Cut(numbers.getFirst(), numbers.getLast() == -1 ? Long.MAX_VALUE : numbers.getLast() + 1, true));
  }

  /** Indices in another order, of a shape. */
  private static Value several(Call call, List<Long> indices) throws FormatException {
    List<Size> elements = call.integers(0, "input");
    List<Size> chosen = new ArrayList<>();
    for (long index : indices) {
      chosen.add(elements.get(call.axis(index, elements.size())));
    }
    return new Integers(chosen, false);
  }

  private static Value embedding(Call call, Given indices) throws FormatException {
    NdArray table = call.constant(0, "table");
    if (table.rank() != 2 || call.axis(call.integer("axis", 0), 2) != 0 || table.count() == 0) {
      throw call.refused("looks up in an array of %s along axis %d; a table of two axes is needed, and rows of it",
          table,
          call.integer("axis", 0));
    }
    if (indices.floats()) {
      throw call.refused("looks up by floats; an input of integers is needed");
    }
    Tensor rows = Weighing.matrix(call, table);
    Rows read = new InputRows(call, indices).along(-1, 1);
    int node = call.reading().nodes().add(call.place(), Embedding.of(rows.rows(), rows.columns()),
        List.of(call.node(read)), Map.of("table", rows));
    List<List<Factor>> axes = new ArrayList<>(read.axes().axes());
    axes.add(List.of(new Columns(rows.columns(), 1)));
    return new Rows(List.of(call.reading().nodes().all(node, Rest.OTHER)), new Axes(axes));
  }

  static Value slice(Call call) throws FormatException {
    List<Size> starts = bounds(call, "starts", 1);
    List<Size> ends = bounds(call, "ends", 2);
    Optional<List<Long>> axes = call.settings("axes", 3);
    List<Long> steps = call.settings("steps", 4).orElse(List.of());
    int count = starts.size();
    if (ends.size() != count || (axes.isPresent() && axes.get().size() != count)
        || (!steps.isEmpty() && steps.size() != count)) {
      throw call.refused("has %d starts and %d ends", count, ends.size());
    }
    Value value = call.input(0);
    for (int i = 0; i < count; i++) {
      long axis = axes.isPresent() ? axes.get().get(i) : i;
      if (!steps.isEmpty() && steps.get(i) == -1) {
        value = reversed(call, value, axis, starts.get(i), ends.get(i));
        continue;
      }
      if (!steps.isEmpty() && steps.get(i) != 1) {
        throw call.refused("takes indices in steps of %d; Carousel reads steps of 1", steps.get(i));
      }
      value = slice(call, value, axis, starts.get(i), ends.get(i));
    }
    return value;
  }

  /** All of an axis, the last first. */
  private static Value reversed(Call call, Value value, long axis, Size start, Size end) throws FormatException {
    if (value instanceof Value.Filled) {
      return value;
    }
    if (value instanceof Value.Constant constant && start.is(-1) && end.number().orElse(0) < -Integer.MAX_VALUE) {
      NdArray array = constant.array();
      return Value.Constant.of(Folding.reversed(call, array, call.axis(axis, array.rank())));
    }
    if (value instanceof Laid laid && start.is(-1) && end.number().orElse(0) < -Integer.MAX_VALUE) {
      int place = call.axis(axis, laid.axes().rank());
      List<Factor> factors = laid.axes().get(place);
      if (factors.isEmpty()) {
        return laid;
      }
      if (factors.size() == 1 && factors.getFirst() instanceof Factor.Dim dim) {
        return laid.axes(laid.axes().with(place, List.of(new Factor.Reversed(dim))));
      }
      if (factors.size() == 1 && factors.getFirst() instanceof Factor.Reversed twice) {
        return laid.axes(laid.axes().with(place, List.of(twice.dim())));
      }
    }
    throw call.refused("takes indices in steps of -1; Carousel reverses all steps, and nothing else");
  }

  private static List<Size> bounds(Call call, String name, int index) throws FormatException {
    return call.node().attribute(name).isPresent()
        ? call.node().attribute(name).get().integers().stream().map(Size::of).toList()
        : call.integers(index, name);
  }

  /** An end that is the size of the axis itself is its end, whatever the size. */
  private static Value slice(Call call, Value value, long axis, Size start, Size end) throws FormatException {
    boolean toEnd = value instanceof Laid laid
        && laid.axes().size(call.axis(axis, laid.axes().rank())).same(end);
    if (value instanceof Value.Filled) {
      return value;
    }
    long from = start.number().orElseThrow(() -> call.refused("starts where the input's size says"));
    long to = toEnd ? Long.MAX_VALUE
        : end.number().orElseThrow(() -> call.refused("ends where the input's size says"));
    return new Cutting(call).of(value, axis, new Cut(from, to, true));
  }

  static List<Value> split(Call call) throws FormatException {
    long axis = call.integer("axis", 0);
    Value value = call.input(0);
    Cutting cutting = new Cutting(call);
    int parts = call.node().outputs().size();
    Optional<List<Long>> sizes = call.settings("split", 1);
    if (value instanceof Value.Filled) {
      return Collections.nCopies(parts, value);
    }
    List<Long> widths = sizes.isPresent() ? sizes.get() : equal(call, cutting, axis, parts);
    if (widths.size() != parts) {
      throw call.refused("splits in %d parts and has %d outputs", widths.size(), parts);
    }
    List<Value> results = new ArrayList<>();
    long from = 0;
    for (long width : widths) {
      if (width < 0 || width > Integer.MAX_VALUE) {
        throw call.refused("splits off %d indices", width);
      }
      results.add(cutting.of(value, axis, new Cut(from, from + width, true)));
      from += width;
    }
    return results;
  }

  /** In equal parts, the last of which may be smaller. */
  private static List<Long> equal(Call call, Cutting cutting, long axis, int parts) throws FormatException {
    long size = cutting.size(call.input(0), axis)
        .orElseThrow(() -> call.refused("splits an axis whose size the input leaves open"));
    long width = (size + parts - 1) / parts;
    List<Long> widths = new ArrayList<>();
    for (int i = 0; i < parts; i++) {
      widths.add(Math.clamp(size - i * width, 0, width));
    }
    return widths;
  }
}
