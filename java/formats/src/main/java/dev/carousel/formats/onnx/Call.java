package dev.carousel.formats.onnx;

import dev.carousel.formats.data.FormatException;
import dev.carousel.formats.data.NdArray;
import dev.carousel.formats.onnx.Value.Constant;
import dev.carousel.formats.onnx.Value.Integers;
import dev.carousel.formats.onnx.Value.Stored;
import dev.carousel.formats.onnx.proto.AttributeProto;
import dev.carousel.formats.onnx.proto.NodeProto;
import dev.carousel.spi.form.Legible;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A node with the values that it reads.
 *
 * @param inputs null where one is left out
 */
record Call(NodeProto node, List<@Nullable Value> inputs, Reading reading) {

  String label() {
    return node.label();
  }

  /** Where nodes are made for it. */
  Place place() {
    return new Place(reading, label(), Naming.of(node));
  }

  /** The node that rows are those of. */
  int node(Value.Rows rows) throws FormatException {
    if (rows.axes().axes().stream().flatMap(List::stream).anyMatch(Factor.Padded.class::isInstance)) {
      throw refused("reads steps that a Pad has put before and behind others; only a convolution does");
    }
    return new Gathered(place()).node(rows.pieces());
  }

  Optional<Value> optional(int index) {
    return index < inputs.size() ? Optional.ofNullable(inputs.get(index)) : Optional.empty();
  }

  Value input(int index) throws FormatException {
    return optional(index).orElseThrow(() -> refused("lacks its input %d", index));
  }

  /** An input that must stand in the file. */
  NdArray constant(int index, String what) throws FormatException {
    if (input(index) instanceof Constant constant) {
      return constant.array();
    }
    throw refused("computes its %s, and a constant is needed; fold constants before exporting", what);
  }

  /** An input as small integers, constant or computed from shapes. */
  List<Size> integers(int index, String what) throws FormatException {
    return integers(input(index)).map(Integers::elements)
        .orElseThrow(() -> refused("has no integers as its %s that follow from the graph's shapes", what));
  }

  /** An input as small integers that are known. */
  List<Long> numbers(int index, String what) throws FormatException {
    List<Long> numbers = new ArrayList<>();
    for (Size size : integers(index, what)) {
      numbers.add(size.number().orElseThrow(() -> refused("has a %s that depends on the input's size", what)));
    }
    return numbers;
  }

  /** A value as small integers; floats count where they have no fraction, as some exporters compute shapes with them. */
  static Optional<Integers> integers(Value value) {
    if (value instanceof Integers integers) {
      return Optional.of(integers);
    }
    if (!(value instanceof Stored constant) || constant.array().rank() > 1
        || constant.array().count() > Integers.MOST) {
      return Optional.empty();
    }
    NdArray array = constant.array();
    List<Size> elements = new ArrayList<>();
    for (long i = 0; i < array.count(); i++) {
      long number = array.getLong(i);
      if (!array.element().integer() && number != array.getFloat(i)) {
        return Optional.empty();
      }
      elements.add(Size.of(number));
    }
    return Optional.of(new Integers(elements, array.rank() == 0));
  }

  long integer(String attribute, long otherwise) {
    return node.attribute(attribute).map(AttributeProto::integer).orElse(otherwise);
  }

  float real(String attribute, float otherwise) {
    return node.attribute(attribute).map(AttributeProto::real).orElse(otherwise);
  }

  String text(String attribute, String otherwise) {
    return node.attribute(attribute).map(AttributeProto::text).orElse(otherwise);
  }

  /** Numbers that are an attribute in older opsets and an input in newer ones; none where neither is there. */
  Optional<List<Long>> settings(String attribute, int index) throws FormatException {
    Optional<AttributeProto> given = node.attribute(attribute);
    if (given.isPresent()) {
      return Optional.of(given.get().integers());
    }
    return optional(index).isPresent() ? Optional.of(numbers(index, attribute)) : Optional.empty();
  }

  /** An axis counted from the front, where ONNX lets one below 0 count from behind. */
  int axis(long axis, int rank) throws FormatException {
    if (axis < -rank || axis >= rank) {
      throw refused("names axis %d of a value with %d", axis, rank);
    }
    return (int) (axis < 0 ? axis + rank : axis);
  }

  /** An exception that names the node; the format goes on after its name. */
  FormatException refused(String format, Object... values) {
    return new FormatException(label() + " " + Legible.format(format, values) + ".");
  }

  /** The refusal of a node whose like no part of a recurrent network is. */
  FormatException foreign() {
    return FormatException.of("%s is not part of a recurrent network that Carousel runs; fold it into the layer before"
        + " it or take it out.", label());
  }
}
