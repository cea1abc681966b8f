package dev.carousel.formats.onnx;

import dev.carousel.Conv;
import dev.carousel.Layer;
import dev.carousel.Pool;
import dev.carousel.Tensor;
import dev.carousel.WindowPool;
import dev.carousel.formats.data.FormatException;
import dev.carousel.formats.data.Matrices;
import dev.carousel.formats.data.NdArray;
import dev.carousel.formats.model.Axis;
import dev.carousel.formats.onnx.Factor.Columns;
import dev.carousel.formats.onnx.Factor.Dim;
import dev.carousel.formats.onnx.Factor.Padded;
import dev.carousel.formats.onnx.Piece.Rest;
import dev.carousel.formats.onnx.Value.Given;
import dev.carousel.formats.onnx.Value.Laid;
import dev.carousel.formats.onnx.Value.Rows;
import dev.carousel.spi.form.AcrossSteps.Pool.Rule;
import dev.carousel.spi.form.Activation;
import dev.carousel.spi.form.Window;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The operators that go over the steps with a window: values of sequences, columns and steps, in this order. */
record Convolutions(Call call) {
  private static final int STEPS = 2;

  /** Rows over whose steps windows go, and how many steps stand before and behind them that a Pad has put there. */
  private record Windowed(Rows rows, Dim dim, int before, int after) {}

  Value conv() throws FormatException {
    NdArray weights = call.constant(1, "weights");
    if (weights.rank() != 3 || weights.count() == 0 || weights.element().integer()) {
      throw call.refused("has weights of %s; over steps there are outputs, inputs and the window's steps", weights);
    }
    int outputs = size(weights.size(0));
    int width = size(weights.size(2));
    int groups = size(call.integer("group", 1));
    int inputs = size(weights.size(1) * groups);
    Optional<Rows> frames = frames();
    if (frames.isPresent()) {
      if (groups > 1) {
        throw call.refused("goes over columns of a row in %d groups; one is read", groups);
      }
      Windowed none = new Windowed(frames.get(), new Dim("", 0, 0), 0, 0);
      return new FrameWindows(call, frames.get()).conv(weights, window(none, width));
    }
    Windowed read = read(inputs);
    if (outputs % groups != 0) {
      throw call.refused("divides %d outputs into %d groups", outputs, groups);
    }
    Conv conv = new Conv(inputs, outputs, window(read, width), groups, Activation.IDENTITY, call.optional(2)
        .isPresent());
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    call.reading().spend(8 * weights.count(), call.label());
    NdArray turned = Folding.transposed(call, weights, List.of(0, 2, 1)); // [outputs][window][inputs of a group]
    tensors.put("weight", Matrices.matrix(turned, outputs, width * (inputs / groups)));
    if (conv.bias()) {
      tensors.put("bias", Weighing.bias(call, call.constant(2, "bias"), 1, outputs));
    }
    return over(read, conv, conv.window(), tensors);
  }

  /** Rows of which the window goes over columns; none where it goes over steps. */
  private Optional<Rows> frames() throws FormatException {
    if (!call.reading().assumed().stepless() || !(call.input(0) instanceof Laid laid) || laid.axes().rank() != 3) {
      return Optional.empty();
    }
    Rows rows = laid instanceof Given given ? new InputRows(call, given).along(List.of(1, 2))
        : new RowReader(call).rows(
            laid);
    return Optional.of(rows).filter(FrameWindows::fits);
  }

  private int size(long size) throws FormatException {
    if (size < 1 || size > Integer.MAX_VALUE / 8) {
      throw call.refused("has a size of %d; it is at least 1, and not as much", size);
    }
    return (int) size;
  }

  Value pool() throws FormatException {
    boolean max = call.node().operator().equals("MaxPool");
    List<Long> kernel = call.node().attribute("kernel_shape").orElseThrow(() -> call.refused("lacks its kernel_shape"))
        .integers();
    Windowed read = read(0);
    if (kernel.size() != 1 || call.integer("ceil_mode", 0) != 0 || call.integer("storage_order", 0) != 0
        || call.node().outputs().size() > 1) {
      throw call.refused("goes over more than the steps, or has a ceil_mode, a storage_order or indices as an output;"
          + " Carousel's pools of windows have none of these");
    }
    Window window = window(read, size(kernel.getFirst()));
    boolean counts = call.integer("count_include_pad", 0) != 0;
    boolean before = read.before + read.after > 0; // what a Pad puts there counts
    if (before && (max || (!counts && (window.before() > read.before || window.after() > read.after)))) {
      throw call.refused("takes one of windows in which some padding counts; leave all of it to the operator itself");
    }
    boolean padded = !max && (counts || before);
    return over(read, new WindowPool(max ? Rule.MAX : Rule.MEAN,
        read.rows.width(), window, padded), window, Map.of());
  }

  /** One row of all steps. */
  Value global() throws FormatException {
    Windowed read = read(0);
    if (read.before + read.after > 0) {
      throw call.refused("takes one of steps in which padding counts");
    }
    int width = read.rows.width();
    return new Reductions(call).pooled(read.rows, STEPS, call.node().operator().equals("GlobalMaxPool")
        ? Pool.max(width)
        : Pool.mean(width));
  }

  /** What is read, of so many columns, or of any number where that is 0. */
  private Windowed read(int columns) throws FormatException {
    if (!(call.input(0) instanceof Laid laid) || laid.axes().rank() != 3) {
      throw call.refused("goes over what has not three axes, sequences, columns and steps; Carousel's windows are over"
          + " steps");
    }
    Rows rows = laid instanceof Given given ? columns == 0 ? new InputRows(call, given).along(1)
        : new InputRows(call,
            given).along(1, columns)
        : new RowReader(call).rows(laid);
    Factor factor = rows.axes().get(STEPS).size() == 1 ? rows.axes().get(STEPS).getFirst() : null;
    Padded padded = factor instanceof Padded other ? other : null;
    Rows whole = padded == null ? rows : rows.axes(rows.axes().with(STEPS, List.of(padded.dim())));
    if ((columns > 0 && rows.width() != columns) || !whole.axes().rowsAlong(1, rows.width())) {
      throw call
          .refused("takes rows of %d columns along axis 1, and what it reads has %d, not all of them there or not in"
              + " that order", columns, rows.width());
    }
    Dim dim = new Steps(call).dim(whole.axes(), STEPS);
    batch(whole.axes().get(0));
    return new Windowed(whole, dim, padded == null ? 0 : padded.before(), padded == null ? 0 : padded.after());
  }

  private void batch(List<Factor> factors) throws FormatException {
    if (factors.size() == 1 && factors.getFirst() instanceof Dim dim && call.reading().counts(dim) == null) {
      call.reading().count(dim, Axis.BATCH, call.label());
    }
  }

  private Window window(Windowed read, int width) throws FormatException {
    Window window = Window.of(width).dilation(one("dilations")).stride(one("strides"));
    List<Long> pads = call.node().attribute("pads").map(pad -> pad.integers()).orElse(List.of(0L, 0L));
    if (pads.size() != 2) {
      throw call.refused("has %d pads, and over steps there are two", pads.size());
    }
    int before = pad(pads.get(0) + read.before);
    int after = pad(pads.get(1) + read.after);
    return switch (call.text("auto_pad", "NOTSET")) {
      case "NOTSET" -> window.padding(before, after);
      case "VALID" -> window.padding(read.before, read.after);
      case "SAME_UPPER" -> same(window, read, false);
      case "SAME_LOWER" -> same(window, read, true);
      default -> throw call.refused("has an auto_pad that ONNX does not know");
    };
  }

  private Window same(Window window, Windowed read, boolean lower) throws FormatException {
    boolean odd = (window.reach() - 1) % 2 != 0;
    if (read.before + read.after > 0 || (lower && (odd || window.stride() > 1))) {
      throw call.refused("pads by itself what was padded before, or puts the odd step in front; name the pads");
    }
    return window.stride() == 1 ? window.padding((window.reach() - 1) / 2, window.reach() / 2) : window.padSame();
  }

  private int one(String attribute) throws FormatException {
    List<Long> all = call.node().attribute(attribute).map(value -> value.integers()).orElse(List.of(1L));
    if (all.size() != 1) {
      throw call.refused("has %d %s, and over steps there is one", all.size(), attribute);
    }
    return size(all.getFirst());
  }

  private int pad(long steps) throws FormatException {
    if (steps < 0 || steps > Integer.MAX_VALUE / 8) {
      throw call.refused("pads by %d steps; take steps away by Slice", steps);
    }
    return (int) steps;
  }

  private Rows over(Windowed read, Layer layer, Window window, Map<String, Tensor> tensors) throws FormatException {
    Reading reading = call.reading();
    int node = new Steps(call).valid(read.rows, "windows");
    int made = reading.nodes().add(call.place(), layer, List.of(node), tensors);
    dev.carousel.spi.form.Axis steps = window.over(reading.along(read.dim));
    long declared = read.dim.declared() < 0 ? -1
        : window.results((int) Math.min(read.dim.declared(), Integer.MAX_VALUE));
    if (declared == 0) {
      throw call.refused("has windows that do not fit into the %d steps of the input", read.dim.declared());
    }
    Dim dim = steps.equals(reading.along(read.dim)) ? read.dim : reading.derived(steps, declared);
    return new Rows(List.of(reading.nodes().all(made, Rest.OTHER)), read.rows.axes().with(1, List.of(new Columns(layer
        .outputs(), 1))).with(STEPS, List.of(dim)));
  }

  /** Zeros before and behind the steps, which the window that goes over them counts. */
  Value pad() throws FormatException {
    Optional<List<Long>> named = call.settings("pads", 1);
    if (call.text("mode", "constant").equals("reflect") && call.input(0) instanceof Laid laid && named.isPresent()
        && named.get().size() == 2 * laid.axes().rank()) {
      return mirrored(laid, named.get());
    }
    if (!(call.input(0) instanceof Laid laid) || named.isEmpty() || named.get().size() != 2 * laid.axes().rank()
        || !call.text("mode", "constant").equals("constant") || call.optional(3).isPresent()) {
      throw call.refused("pads otherwise than by zeros along all axes of rows");
    }
    List<Long> pads = named.get();
    int rank = laid.axes().rank();
    Laid padded = laid;
    for (int axis = 0; axis < rank; axis++) {
      if (pads.get(axis) == 0 && pads.get(axis + rank) == 0) {
        continue;
      }
      List<Factor> factors = laid.axes().get(axis);
      if (factors.size() != 1 || !(factors.getFirst() instanceof Dim dim)) {
        throw call.refused("pads axis %d, which does not count the steps", axis);
      }
      zero();
      padded = padded.axes(padded.axes().with(axis, List.of(new Padded(dim, pad(pads.get(axis)), pad(pads.get(axis
          + rank))))));
    }
    return padded;
  }

  /** The last axis, which counts columns, mirrored at its ends. */
  private Rows mirrored(Laid laid, List<Long> pads) throws FormatException {
    int rank = laid.axes().rank();
    for (int i = 0; i < pads.size(); i++) {
      if (i % rank != rank - 1 && pads.get(i) != 0) {
        throw call.refused("mirrors other axes than the last");
      }
    }
    Rows rows = laid instanceof Given given ? new InputRows(call, given).along(rank - 1)
        : new RowReader(call).rows(laid);
    Rows wide = rank == 2 ? rows.axes(rows.axes().inserted(1)) : rows;
    if (rank > 3 || !FrameWindows.fits(wide)) {
      throw call.refused("mirrors axis %d, which does not count columns of a row", rank - 1);
    }
    Rows mirrored = new FrameWindows(call, wide).mirrored(pad(pads.get(rank - 1)), pad(pads.get(2 * rank - 1)));
    return rank == 2 ? mirrored.axes(mirrored.axes().without(1)) : mirrored;
  }

  private void zero() throws FormatException {
    float value = call.real("value", 0);
    if (call.optional(2).isPresent()) {
      Optional<Value.Filled> filled = FillOperators.filled(call, call.input(2));
      value = filled.isPresent() && filled.get().element().is(0) ? 0 : Float.NaN;
    }
    if (value != 0) {
      throw call.refused("pads the steps with something else than 0");
    }
  }
}
