package dev.carousel.formats.onnx;

import dev.carousel.formats.data.FormatException;
import dev.carousel.formats.model.Axis;
import dev.carousel.formats.onnx.Factor.Columns;
import dev.carousel.formats.onnx.Factor.Dim;
import dev.carousel.formats.onnx.Factor.Part;
import dev.carousel.formats.onnx.Piece.Rest;
import dev.carousel.formats.onnx.Piece.Source;
import dev.carousel.formats.onnx.Value.Given;
import dev.carousel.formats.onnx.Value.Rows;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** An input of the graph, or a part of it, as rows. */
record InputRows(Call call, Given given) {
  private static final int OPEN = -1; // width: as much as is declared

  /** Those along an axis, all of which are of a width; steps that are there too stay what they are. */
  Rows along(int axis, int width) throws FormatException {
    List<Factor> columns = axis < 0 ? List.of() : given.axes().get(axis);
    boolean steps = columns.stream().anyMatch(this::ofSteps);
    return of(columns.stream().filter(factor -> !ofSteps(factor)).toList(), steps ? OPEN : width);
  }

  /** Those along several axes, as wide as is declared. */
  Rows along(List<Integer> axes) throws FormatException {
    return of(axes.stream().flatMap(axis -> given.axes().get(axis).stream()).toList(), OPEN);
  }

  private boolean ofSteps(Factor factor) {
    return kind(factor) == Axis.Kind.STEPS && factor instanceof Dim;
  }

  /** Those along an axis, as wide as is declared. */
  Rows along(int axis) throws FormatException {
    return along(axis, OPEN);
  }

  /** Those along the axis that counts columns, as far as that shows. */
  Rows rows() throws FormatException {
    Reading reading = call.reading();
    List<Factor> all = given.axes().axes().stream().flatMap(List::stream).toList();
    List<Factor> columns = all.stream().filter(factor -> factor instanceof Dim || factor instanceof Part)
        .filter(factor -> kind(factor) == Axis.Kind.COLUMNS).toList();
    boolean open = all.stream().anyMatch(factor -> factor instanceof Dim dim && reading.counts(dim) == null);
    if (!columns.isEmpty() || !open) {
      return of(columns, OPEN);
    }
    int rank = given.axes().rank();
    int axis = reading.assumed().channelsFirst() && rank == 3 ? 1 : rank - 1;
    reading.guess();
    List<Factor> guessed = given.axes().get(axis);
    boolean declared = guessed.stream().allMatch(factor -> factor.size().number().isPresent() && kind(factor) == null);
    return of(declared && !guessed.isEmpty() ? guessed : List.of(), OPEN);
  }

  private Axis.@Nullable Kind kind(Factor factor) {
    Axis axis = switch (factor) {
      case Dim dim -> call.reading().counts(dim);
      case Part part -> call.reading().counts(part.dim());
      case Factor.Reversed reversed -> call.reading().counts(reversed);
      case Columns _,Factor.Turned _,Factor.Padded _ -> null;
    };
    return axis == null ? null : axis.kind();
  }

  private Rows of(List<Factor> columns, int width) throws FormatException {
    List<Part> picked = given.picked().stream().filter(part -> !ofSteps(part)).toList();
    Map<Dim, List<Part>> cut = new HashMap<>();
    List<Dim> dims = new ArrayList<>();
    for (Factor factor : Stream.concat(columns.stream(), picked.stream()).toList()) {
      Dim dim = switch (factor) {
        case Dim whole -> whole;
        case Part part -> part.dim();
        default -> throw wrong(width);
      };
      if (factor instanceof Part part) {
        cut.computeIfAbsent(dim, _ -> new ArrayList<>()).add(part);
      }
      if (!dims.contains(dim)) {
        dims.add(dim);
      }
    }
    if (dims.stream().allMatch(dim -> call.reading().counts(dim) != null)) {
      dims.sort(Comparator.comparingInt(dim -> -Objects.requireNonNull(call.reading().counts(dim)).stride()));
    }
    Rows whole = whole(dims, cut.isEmpty() ? width : OPEN);
    Map<Dim, Integer> places = new HashMap<>();
    dims.forEach(dim -> places.put(dim, places.size()));
    for (Map.Entry<Dim, List<Part>> parts : cut.entrySet()) {
      Part part = parts.getValue().getFirst();
      if (parts.getValue().size() > 1 || part.stride() != 1 || part.from() + part.count() > part.dim().declared()) {
        throw call.refused("reads a part of the input %s that is no run of columns", given.input());
      }
      if (part.dim().declared() == 1) {
        continue;
      }
      whole = new Cutting(call).columns(whole, dims.indexOf(parts.getKey()), new Cut(part.from(), part.from() + part
          .count(), true));
    }
    call.reading().readsRows(given.input());
    return arranged(whole, places);
  }

  /** All columns of the input, in an axis for each dimension that counts some. */
  private Rows whole(List<Dim> dims, int width) throws FormatException {
    List<List<Factor>> axes = new ArrayList<>();
    long stride = 1;
    for (int i = dims.size() - 1; i >= 0; i--) {
      int size = size(dims, i, width);
      if (stride * size > (width == OPEN ? Integer.MAX_VALUE / 4 : width)) {
        throw wrong(width);
      }
      call.reading().count(dims.get(i), Axis.columns(size, (int) stride), call.label());
      axes.addFirst(List.of(new Columns(size, (int) stride)));
      stride *= size;
    }
    if (width != OPEN && stride != width) {
      throw wrong(width);
    }
    call.reading().spend(4 * stride, call.label());
    Nodes nodes = call.reading().nodes();
    int node = nodes.input(given.input(), (int) stride, !given.floats());
    if (nodes.width(node) != stride) {
      throw call.refused("reads rows of %d columns of the input %s, and something before it rows of %d", stride, given
          .input(), nodes.width(node));
    }
    return new Rows(List.of(nodes.all(node, Rest.OTHER)), new Axes(axes));
  }

  /** A dimension's size as it is declared; one may be open, and is what the others leave of the width. */
  private int size(List<Dim> dims, int index, int width) throws FormatException {
    int most = width == OPEN ? Integer.MAX_VALUE / 4 : width;
    long own = Math.min(dims.get(index).declared(), 1L + most);
    if (own < 0 && width != OPEN) {
      long others = 1;
      for (int i = 0; i < dims.size(); i++) {
        others = i == index || others <= 0 || others > width ? others
            : others * Math.min(dims.get(i).declared(), 1L + width);
      }
      own = others > 0 && width % others == 0 ? width / others : 0;
    }
    if (own < 0 && call.reading().assumed().stepless()) {
      call.reading().leaveOpen();
      own = call.reading().assumed().width();
    }
    if (own < 1 || own > most || (width != OPEN && width % own != 0)) {
      throw wrong(width);
    }
    return (int) own;
  }

  /** In the axes of the input: the columns where they are there, and of steps all, the first or the last. */
  private Rows arranged(Rows whole, Map<Dim, Integer> places) throws FormatException {
    Source source = Source.ROWS;
    List<Part> steps = new ArrayList<>(given.picked().stream().filter(this::ofSteps).toList());
    List<List<Factor>> axes = new ArrayList<>();
    for (List<Factor> axis : given.axes().axes()) {
      List<Factor> arranged = new ArrayList<>();
      for (Factor factor : axis) {
        Dim dim = factor instanceof Dim own ? own : factor instanceof Part part ? part.dim() : null;
        if (dim != null && places.containsKey(dim)) {
          arranged.addAll(whole.axes().get(places.get(dim)));
        } else if (factor instanceof Part part) {
          steps.add(part);
        } else {
          arranged.add(factor);
        }
      }
      axes.add(arranged);
    }
    for (Part part : steps) {
      call.reading().count(part.dim(), Axis.STEPS, call.label());
      boolean last = part.from() == -1 || part.from() == part.dim().declared() - 1;
      if (part.count() != 1 || !(last || part.from() == 0) || steps.size() > 1) {
        throw call.refused("reads a part of the input %s; all of it is needed, or the last step", given.input());
      }
      source = last ? Source.LAST_STEP : Source.FIRST_STEP;
    }
    Source selected = source;
    return new Rows(whole.pieces().stream().map(piece -> piece.source(selected)).toList(), new Axes(axes));
  }

  /** Whether an index was taken of a dimension that counts steps, so far as that shows. */
  private boolean ofSteps(Part part) {
    Axis counts = call.reading().counts(part.dim());
    return counts == null ? part.from() < 0 || part.dim().declared() < 0 : counts.kind() == Axis.Kind.STEPS;
  }

  private FormatException wrong(int width) {
    return width == OPEN
        ? call
            .refused("reads the input %s, of which it is not clear which dimensions count columns, and how many; export"
                + " the model with their sizes", given.input())
        : call.refused("takes rows of %d, and the input %s has no such rows there", width, given.input());
  }
}
