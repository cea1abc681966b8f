package dev.carousel.formats.onnx;

import dev.carousel.formats.data.FormatException;
import dev.carousel.formats.data.NdArray;
import dev.carousel.formats.onnx.Factor.Columns;
import dev.carousel.formats.onnx.Value.Constant;
import dev.carousel.formats.onnx.Value.Filled;
import dev.carousel.formats.onnx.Value.Given;
import dev.carousel.formats.onnx.Value.Integers;
import dev.carousel.formats.onnx.Value.Laid;
import dev.carousel.formats.onnx.Value.Rows;
import dev.carousel.formats.onnx.Value.Stacked;
import dev.carousel.formats.onnx.Value.Stored;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Values joined along an axis: shapes, constants, and the states or directions of layers. */
record Joining(Call call) {
  private static final int MOST = 4096; // pieces of a row: states of a thousand layers

  Value concat() throws FormatException {
    List<@Nullable Value> values = call.inputs();
    Value first = call.input(0);
    List<Value> all = new ArrayList<>();
    for (int i = 0; i < values.size(); i++) {
      all.add(call.input(i));
    }
    if (all.stream().allMatch(first::equals) && first instanceof Filled) {
      return first;
    }
    Optional<Integers> shape = shape(all);
    if (shape.isPresent()) {
      return shape.get();
    }
    if (all.stream().anyMatch(Integers.class::isInstance)) {
      throw call.refused("joins integers of which a shape cannot be made: more than %d, or numbers without an axis",
          Integers.MOST);
    }
    long axis = call.integer("axis", 1);
    if (all.stream().allMatch(Constant.class::isInstance)) {
      int place = call.axis(axis, ((Constant) first).array().rank());
      List<NdArray> arrays = new ArrayList<>();
      for (Value value : all) {
        arrays.add(((Constant) value).array());
      }
      return Constant.of(Folding.joined(call, arrays, place));
    }
    if (all.stream().allMatch(value -> value instanceof Given given && given.axes().rank() == 3)
        && call.axis(axis, 3) == 0) {
      return new Stacked(all.stream().map(Given.class::cast).toList());
    }
    return rows(all, axis);
  }

  /** A shape out of shapes, of which at least one is computed or all are short: weights are not small integers. */
  private static Optional<Integers> shape(List<Value> values) {
    List<Size> elements = new ArrayList<>();
    for (Value value : values) {
      boolean integers = value instanceof Integers
          || (value instanceof Stored constant && constant.array().element().integer());
      Optional<Integers> part = integers ? Call.integers(value) : Optional.empty();
      if (part.isEmpty() || part.get().scalar() || elements.size() + part.get().elements().size() > Integers.MOST) {
        return Optional.empty();
      }
      elements.addAll(part.get().elements());
    }
    return Optional.of(new Integers(elements, false));
  }

  private Rows rows(List<Value> values, long axis) throws FormatException {
    Rows joined = null;
    List<Block> blocks = new ArrayList<>();
    int place = 0;
    for (Value value : values) {
      if (!(value instanceof Laid laid)) {
        throw call.refused("joins rows with constants; Carousel joins what inputs and layers give");
      }
      place = call.axis(axis, laid.axes().rank());
      Rows rows = laid instanceof Given given ? new InputRows(call, given).along(place)
          : new RowReader(call).rows(laid);
      joined = joined == null ? rows : joined;
      blocks.add(Block.of(rows, place));
    }
    return rows(Objects.requireNonNull(joined), blocks, place);
  }

  /** Side by side within each group of the axes further out. */
  private Rows rows(Rows first, List<Block> blocks, int axis) throws FormatException {
    Block model = blocks.getFirst();
    List<Piece> pieces = new ArrayList<>();
    long count = 0;
    for (Block block : blocks) {
      if (block.groups().isEmpty() || !call.reading().same(block.others(), model.others())
          || block.stride() != model.stride()
          || block.groups().size() != model.groups().size()) {
        throw call.refused("joins values along axis %d that do not count the same along the others, or joins steps or"
            + " sequences", axis);
      }
      count += block.count();
    }
    for (int group = 0; group < model.groups().size(); group++) {
      for (Block block : blocks) {
        pieces.addAll(block.groups().get(group));
        FormatException.check(pieces.size() <= MOST, "%s joins more than %d states.", call.label(), MOST);
      }
    }
    call.reading().spend(4 * count * model.stride(), call.label());
    List<List<Factor>> axes = new ArrayList<>();
    for (int i = 0; i < first.axes().rank(); i++) {
      axes.add(i == axis ? List.of(new Columns((int) count, model.stride()))
          : wider(first.axes().get(i), model, (int) count));
    }
    return new Rows(List.copyOf(pieces), new Axes(axes));
  }

  /** Columns further out than those that were joined come to be further apart. */
  private static List<Factor> wider(List<Factor> factors, Block model, int count) {
    return factors.stream().<Factor>map(factor -> factor instanceof Columns columns && columns.stride() > model.stride()
        ? new Columns(columns.count(), columns.stride() / model.count() * count)
        : factor).toList();
  }
}
