package dev.carousel.formats.onnx;

import dev.carousel.Conv;
import dev.carousel.formats.data.FormatException;
import dev.carousel.formats.data.NdArray;
import dev.carousel.formats.model.Axis;
import dev.carousel.formats.onnx.Factor.Columns;
import dev.carousel.formats.onnx.Factor.Dim;
import dev.carousel.formats.onnx.Factor.Part;
import dev.carousel.formats.onnx.Factor.Reversed;
import dev.carousel.formats.onnx.Factor.Turned;
import dev.carousel.formats.onnx.Piece.Source;
import dev.carousel.formats.onnx.Value.Constant;
import dev.carousel.formats.onnx.Value.Counted;
import dev.carousel.formats.onnx.Value.Filled;
import dev.carousel.formats.onnx.Value.Given;
import dev.carousel.formats.onnx.Value.Integers;
import dev.carousel.formats.onnx.Value.Laid;
import dev.carousel.formats.onnx.Value.Mask;
import dev.carousel.formats.onnx.Value.Rows;
import dev.carousel.formats.onnx.Value.Stacked;
import dev.carousel.spi.form.Window;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** A run of indices cut out of an axis of a value. */
record Cutting(Call call) {
  private static final int MOST = 4096; // pieces of a row

  Value of(Value value, long axis, Cut cut) throws FormatException {
    return switch (value) {
      case Filled _ -> value;
      case Integers integers -> integers(integers, axis, cut);
      case Constant constant -> Constant.of(constant(constant.array(), axis, cut));
      case Laid laid -> laid(laid, call.axis(axis, laid.axes().rank()), cut);
      case Stacked _ -> throw call.foreign();
    };
  }

  /** How many indices an axis has, where that is known. */
  OptionalLong size(Value value, long axis) throws FormatException {
    return switch (value) {
      case Filled _ -> OptionalLong.empty();
      case Integers integers -> OptionalLong.of(integers.elements().size());
      case Constant constant -> OptionalLong.of(constant.array().size(call.axis(axis, constant.array().rank())));
      case Laid laid -> laid.axes().size(call.axis(axis, laid.axes().rank())).number();
      case Stacked _ -> throw call.foreign();
    };
  }

  private Value integers(Integers integers, long axis, Cut cut) throws FormatException {
    if (integers.scalar()) {
      throw call.refused("cuts a single number");
    }
    call.axis(axis, 1);
    Cut run = cut.within(OptionalLong.of(integers.elements().size()));
    check(run, cut.whole());
    return new Integers(run.from() < run.to() ? integers.elements().subList((int) run.from(), (int) run.to())
        : List
            .of(),
        !cut.whole());
  }

  private NdArray constant(NdArray array, long axis, Cut cut) throws FormatException {
    int place = call.axis(axis, array.rank());
    Cut run = cut.within(OptionalLong.of(array.size(place)));
    check(run, false);
    NdArray part = Folding.cut(call, array, place, run.from(), run.to());
    if (cut.whole()) {
      return part;
    }
    List<Long> shape = new ArrayList<>(part.shape());
    shape.remove(place);
    return part.shaped(shape);
  }

  private void check(Cut run, boolean mayBeEmpty) throws FormatException {
    if ((run.from() >= run.to() && !mayBeEmpty) || (!run.whole() && run.to() - run.from() != 1)) {
      throw call.refused("cuts indices %d to %d, which are not there", run.from(), run.to());
    }
  }

  private Laid laid(Laid laid, int axis, Cut cut) throws FormatException {
    OptionalLong size = laid.axes().size(axis).number();
    Cut run = cut.within(size);
    if (laid instanceof Rows rows && laid.axes().get(axis).stream().anyMatch(Turned.class::isInstance)
        && run.isFirst()) {
      Laid last = selected(rows, axis, Source.LAST_STEP);
      return cut.whole() ? last : SqueezeOperators.dropped(call, last, axis);
    }
    if (run.isAll(size)) {
      return cut.whole() ? laid : SqueezeOperators.dropped(call, laid, axis);
    }
    if (laid.axes().get(axis).size() != 1) {
      throw call.refused("cuts indices %d to %d of axis %d, %s", cut.from(), cut.to(), axis, laid.axes().get(axis)
          .isEmpty() ? "which has one" : "in which several are merged");
    }
    Factor factor = laid.axes().get(axis).getFirst();
    Laid part = switch (laid) {
      case Given given -> given(given, axis, factor, run);
      case Rows rows when factor instanceof Columns -> columns(rows, axis, run);
      case Rows rows -> steps(rows, axis, factor, run, size);
      case Counted _,Mask _,Value.Ends _ -> throw call.foreign();
    };
    return cut.whole() || part.axes().rank() < laid.axes().rank() ? part : SqueezeOperators.dropped(call, part, axis);
  }

  private Given given(Given given, int axis, Factor factor, Cut run) throws FormatException {
    Part part = switch (factor) {
      case Dim dim when run.isLast(dim.size().number()) && run.from() < 0 -> new Part(dim, -1, 1, 1);
      case Dim dim -> new Part(dim, run.from(), run.to() - run.from(), 1);
      case Part before -> before.cut(run.from(), run.to());
      case Reversed _,Turned _,Factor.Padded _,Columns _ -> throw call.foreign();
    };
    if (part.count() < 1 || (part.from() < 0 && part.count() > 1) || part.from() + part.count() > Integer.MAX_VALUE) {
      throw call.refused("cuts indices %d to %d of the input %s before any layer has read it", run.from(), run.to(),
          given.input());
    }
    return given.axes(given.axes().with(axis, List.of(part)));
  }

  /** The last step of each sequence, or the first. */
  private Rows steps(Rows rows, int axis, Factor factor, Cut run, OptionalLong size) throws FormatException {
    Optional<Rows> shorter = factor instanceof Dim dim ? shorter(rows, axis, dim, run) : Optional.empty();
    if (shorter.isPresent()) {
      return shorter.get();
    }
    Axis counts = call.reading().counts(factor);
    boolean steps = Axis.STEPS.equals(counts) || Axis.REVERSED_STEPS.equals(counts);
    if (!steps || !(run.isLast(size) || run.isFirst())
        || rows.pieces().stream().anyMatch(piece -> piece.source() != Source.ROWS)) {
      throw call.refused("cuts indices %d to %d of axis %d; what Carousel selects is the last step of each sequence",
          run
              .from(),
          run.to(), axis);
    }
    boolean last = run.isLast(size) == Axis.STEPS.equals(counts);
    if (last && call.reading().lengths().isPresent()) {
      throw call.refused("selects the last step, which is 0 for sequences that are shorter, by the lengths in the"
          + " input %s. Take the final state instead, the output Y_h", call.reading().lengths().orElseThrow());
    }
    return selected(rows, axis, last ? Source.LAST_STEP : Source.FIRST_STEP);
  }

  /** What a convolution gives without its last results, those that padding behind the steps has made. */
  private Optional<Rows> shorter(Rows rows, int axis, Dim dim, Cut run) throws FormatException {
    Nodes nodes = call.reading().nodes();
    Piece piece = rows.pieces().getFirst();
    long fewer = run.to() < 0 ? -run.to() : dim.declared() - run.to();
    if (run.from() != 0 || rows.pieces().size() > 1 || piece.source() != Source.ROWS
        || piece.width() != nodes.width(piece.node()) || !(nodes.layer(piece.node()) instanceof Conv conv)
        || (run.to() > 0 && dim.declared() < 0) || fewer < 1 || fewer > conv.window().after()
        || conv.window().stride() > 1) {
      return Optional.empty();
    }
    Window window = conv.window().padding(conv.window().before(), conv.window().after() - (int) fewer);
    int node = nodes.fuse(call.place(), piece.node(), conv.window(window), nodes.entry(piece.node()).tensors(), null);
    dev.carousel.spi.form.Axis steps = Window.of((int) fewer + 1).over(call.reading().along(dim));
    Dim left = call.reading().derived(steps, dim.declared() < 0 ? -1 : dim.declared() - fewer);
    return Optional.of(new Rows(List.of(nodes.all(node, piece.rest())), rows.axes().with(axis, List.of(left))));
  }

  private static Rows selected(Rows rows, int axis, Source source) {
    return new Rows(rows.pieces().stream().map(piece -> piece.source(source)).toList(), rows.axes().with(axis, List
        .of()));
  }

  /** The columns within a run of those that an axis counts. */
  Rows columns(Rows rows, int axis, Cut run) throws FormatException {
    Columns columns = (Columns) rows.axes().get(axis).getFirst();
    if (run.from() < 0 || run.from() >= run.to() || run.to() > columns.count()) {
      throw call.refused("cuts indices %d to %d of axis %d, which has %d", run.from(), run.to(), axis, columns.count());
    }
    int group = columns.count() * columns.stride();
    int first = (int) run.from() * columns.stride();
    int width = (int) (run.to() - run.from()) * columns.stride();
    List<Piece> kept = new ArrayList<>();
    int from = 0; // of a piece, in the row
    for (Piece piece : rows.pieces()) {
      for (int start = from / group * group + first; start < from + piece.width(); start += group) {
        int left = Math.max(start, from);
        int right = Math.min(start + width, from + piece.width());
        if (left < right) {
          kept.add(piece.columns(left - from, right - left));
        }
        FormatException.check(kept.size() <= MOST, "%s cuts rows into more than %d pieces.", call.label(), MOST);
      }
      from += piece.width();
    }
    int count = (int) (run.to() - run.from());
    return new Rows(List.copyOf(kept), narrower(rows.axes(), axis, columns, count));
  }

  /** Of an axis' columns so many are left; what lies further apart in the row comes closer. */
  static Axes narrower(Axes axes, int axis, Columns cut, int count) {
    List<List<Factor>> narrow = new ArrayList<>();
    for (int i = 0; i < axes.rank(); i++) {
      narrow.add(i == axis ? List.of(new Columns(count, cut.stride()))
          : axes.get(i).stream().<Factor>map(factor -> factor instanceof Columns other && other.stride() > cut.stride()
              ? new Columns(other.count(), other.stride() / cut.count() * count)
              : factor).toList());
    }
    return new Axes(narrow);
  }
}
