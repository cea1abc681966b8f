package dev.carousel.formats.onnx;

import dev.carousel.Dense;
import dev.carousel.Repeat;
import dev.carousel.Tensor;
import dev.carousel.formats.data.FormatException;
import dev.carousel.formats.model.Axis;
import dev.carousel.formats.onnx.Factor.Columns;
import dev.carousel.formats.onnx.Factor.Dim;
import dev.carousel.formats.onnx.Piece.Rest;
import dev.carousel.formats.onnx.Value.Laid;
import dev.carousel.formats.onnx.Value.Rows;
import dev.carousel.spi.form.Axis.Fixed;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** Rows made larger along axes of size 1: a row a sequence at each step, or one column in the place of several. */
record Repetition(Call call) {

  Value of(Laid laid) throws FormatException {
    boolean tiles = call.node().operator().equals("Tile");
    List<Size> shape = call.integers(1, tiles ? "repeats" : "shape");
    if (laid instanceof Value.Ends ends) {
      return ends; // which one counts for all columns
    }
    Laid wide = laid;
    while (wide.axes().rank() < shape.size()) {
      wide = wide.axes(wide.axes().inserted(0));
    }
    int more = wide.axes().rank() - shape.size();
    for (int i = 0; i < shape.size(); i++) {
      int axis = more + i;
      boolean same = shape.get(i).is(1) || (!tiles && shape.get(i).same(wide.axes().size(axis)))
          || (!tiles && stays(wide.axes().get(axis), shape.get(i)));
      if (!same) {
        wide = repeated(wide, axis, shape.get(i));
      }
    }
    return wide;
  }

  /** Whether an axis counts what a size is the size of, which is known by another input's dimension. */
  private boolean stays(List<Factor> factors, Size size) {
    return factors.size() == 1 && factors.getFirst() instanceof Dim own && size.times() == 1 && size.dims().size() == 1
        && call.reading().counts(own) != null && call.reading().same(List.of(own), List.of(size.dims().getFirst()));
  }

  private Rows repeated(Laid laid, int axis, Size size) throws FormatException {
    Rows rows = new RowReader(call).rows(laid);
    if (!rows.axes().get(axis).isEmpty() || !size.known()) {
      throw call.refused("repeats axis %d, which is not of size 1, or as often as is not known", axis);
    }
    boolean steps = rows.axes().axes().stream().flatMap(List::stream).anyMatch(factor -> factor instanceof Dim dim
        && Axis.STEPS.equals(call.reading().counts(dim)));
    Optional<Dim> dim = dim(size);
    if (!steps && dim.isPresent()) {
      int node = call.reading().nodes().derive(call.place(), Repeat.of(rows.width()), call.node(rows));
      return row(rows, node, axis, List.of(dim.get()));
    }
    OptionalLong number = size.number();
    if (number.isEmpty() || number.getAsLong() < 1 || number.getAsLong() > Integer.MAX_VALUE / 8) {
      throw call.refused("repeats axis %d as often as the input's size says, and that is not the number of steps",
          axis);
    }
    int count = (int) number.getAsLong();
    if (rows.width() == 1 && (steps || axis == rows.axes().rank() - 1)) {
      return columns(rows, axis, count);
    }
    if (steps) {
      throw call.refused("repeats axis %d of rows of several columns at each step", axis);
    }
    int node = call.reading().nodes().derive(call.place(), Repeat.of(rows.width()).steps(count), call.node(rows));
    return row(rows, node, axis, List.of(call.reading().derived(new Fixed(count), count)));
  }

  /** The dimension of steps that a size is that of. */
  private Optional<Dim> dim(Size size) {
    if (size.times() == 1 && size.dims().size() == 1) {
      Dim dim = size.dims().getFirst();
      return Axis.STEPS.equals(call.reading().counts(dim))
          && call.reading().along(dim).equals(dev.carousel.spi.form.Axis.RUN)
              ? Optional.of(dim)
              : Optional.empty();
    }
    OptionalLong number = size.number();
    return number.isPresent() ? call.reading().steps(number.getAsLong()) : Optional.empty();
  }

  private Rows columns(Rows rows, int axis, int count) throws FormatException {
    float[] ones = new float[count];
    call.reading().spend(4L * count, call.label());
    Arrays.fill(ones, 1);
    int node = call.reading().nodes().add(call.place(), Dense.of(1, count).withoutBias(), List.of(call.node(rows)),
        Map.of("weight", Tensor.of(count, 1, ones)));
    return row(rows, node, axis, List.of(new Columns(count, 1)));
  }

  private Rows row(Rows rows, int node, int axis, List<Factor> factors) {
    return new Rows(List.of(call.reading().nodes().all(node, Rest.OTHER)), rows.axes().with(axis, factors));
  }
}
