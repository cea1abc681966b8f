package dev.carousel.formats.onnx;

import dev.carousel.formats.data.FormatException;
import dev.carousel.formats.model.Axis;
import dev.carousel.formats.onnx.Factor.Columns;
import dev.carousel.formats.onnx.Factor.Dim;
import dev.carousel.formats.onnx.Piece.Rest;
import dev.carousel.formats.onnx.Value.Counted;
import dev.carousel.formats.onnx.Value.Given;
import dev.carousel.formats.onnx.Value.Laid;
import dev.carousel.formats.onnx.Value.Mask;
import dev.carousel.formats.onnx.Value.Rows;
import java.util.ArrayList;
import java.util.List;

/** A value as the rows that a layer reads: what the layers before have computed, or an input of the graph. */
record RowReader(Call call) {

  /**
   * What a layer reads.
   *
   * @param at where the chain of layers stood when it was computed
   * @param rest what stands where a sequence has no steps
   */
  record Read(int at, Axes axes, Rest rest) {}

  /** The rows along an axis, which must be of a width; nothing but columns may be there, and columns nowhere else. */
  Read read(Laid laid, int axis, int width) throws FormatException {
    return switch (laid) {
      case Given given -> input(given, axis, width);
      case Counted _,Mask _ -> throw call.refused("reads as rows what was computed from lengths or sizes");
      case Rows rows -> {
        if (rows.width() != width || !rows.axes().rowsAlong(axis, width)) {
          throw call
              .refused("takes rows of %d along axis %d, and what it reads has %d columns, not all of them there or"
                  + " not in that order", width, axis, rows.width());
        }
        yield new Read(call.reading().chain().rows(rows.pieces(), call.label()), rows.axes(), rows.rest());
      }
    };
  }

  private Read input(Given given, int axis, int width) throws FormatException {
    Reading reading = call.reading();
    if (reading.chain().count() > 0) {
      throw call.refused("reads the input %s behind other layers, which read %s; Carousel runs layers one behind the"
          + " other, on one input of rows", given.input(), reading.rows().orElse("another"));
    }
    if (!given.picked().isEmpty() || given.axes().axes().stream().flatMap(List::stream)
        .anyMatch(factor -> factor instanceof Factor.Part)) {
      throw call.refused("reads a part of the input %s; all of it is needed", given.input());
    }
    List<Dim> factors = dims(given, axis, width);
    long stride = 1;
    for (int i = factors.size() - 1; i >= 0; i--) {
      Dim dim = factors.get(i);
      int size = size(given, factors, i, width);
      if (stride * size > width) {
        throw wrong(given, width);
      }
      reading.count(dim, Axis.columns(size, (int) stride), call.label());
      stride *= size;
    }
    if (stride != width) {
      throw wrong(given, width);
    }
    reading.rows(given.input());
    return new Read(0, given.axes().with(Math.max(axis, 0), width == 1 ? List.of() : List.of(new Columns(width, 1))),
        Rest.OTHER);
  }

  /** The dimensions that an axis is made of, each as it is. */
  private List<Dim> dims(Given given, int axis, int width) throws FormatException {
    List<Dim> dims = new ArrayList<>();
    for (Factor factor : axis < 0 ? List.<Factor>of() : given.axes().get(axis)) {
      if (!(factor instanceof Dim dim)) {
        throw wrong(given, width);
      }
      dims.add(dim);
    }
    return dims;
  }

  /** A dimension's size as it is declared; one may be open, and is what the others leave of the width. */
  private int size(Given given, List<Dim> factors, int index, int width) throws FormatException {
    List<Long> declared = new ArrayList<>();
    for (Dim dim : factors) {
      declared.add(Math.min(dim.declared(), 1L + width));
    }
    long own = declared.get(index);
    if (own < 0) {
      long others = 1;
      for (int i = 0; i < declared.size(); i++) {
        others = i == index || others <= 0 || others > width ? others : others * declared.get(i);
      }
      own = others > 0 && width % others == 0 ? width / others : 0;
    }
    if (own < 1 || own > width || width % own != 0) {
      throw wrong(given, width);
    }
    return (int) own;
  }

  private FormatException wrong(Given given, int width) {
    return call.refused("takes rows of %d, and the input %s has no such rows there", width, given.input());
  }
}
