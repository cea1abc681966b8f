package dev.carousel.formats.onnx.proto;

import dev.carousel.formats.data.FormatException;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An input or output of a graph.
 *
 * @param type what its elements are, by ONNX's number; 0 where it is no tensor
 * @param shape the size of each dimension, {@link #OPEN} where it is left open; null where not even the rank is said
 */
public record ValueProto(String name, int type, @Nullable List<Long> shape) {
  /** The size of a dimension that is left open. */
  public static final long OPEN = -1;

  static ValueProto read(MemorySegment message) throws FormatException {
    String name = "";
    MemorySegment type = MemorySegment.NULL;
    Wire wire = new Wire(message, "input or output");
    while (wire.next()) {
      switch (wire.field()) {
        case 1 -> name = wire.text();
        case 2 -> type = wire.bytes();
        default -> wire.skip();
      }
    }
    MemorySegment tensor = inner(type, 1);
    int element = 0;
    List<Long> shape = null;
    Wire fields = new Wire(tensor, "type");
    while (fields.next()) {
      switch (fields.field()) {
        case 1 -> element = (int) fields.integer();
        case 2 -> shape = shape(fields.bytes());
        default -> fields.skip();
      }
    }
    return new ValueProto(name, element, shape);
  }

  /** The message in a field of a message; an empty one where there is none. */
  private static MemorySegment inner(MemorySegment message, int field) throws FormatException {
    MemorySegment inner = MemorySegment.NULL;
    Wire wire = new Wire(message, "type");
    while (wire.next()) {
      if (wire.field() == field) {
        inner = wire.bytes();
      } else {
        wire.skip();
      }
    }
    return inner;
  }

  private static List<Long> shape(MemorySegment message) throws FormatException {
    List<Long> shape = new ArrayList<>();
    Wire wire = new Wire(message, "shape");
    while (wire.next()) {
      if (wire.field() == 1) {
        shape.add(size(wire.bytes()));
      } else {
        wire.skip();
      }
    }
    return shape;
  }

  /** Some exporters write 0 or less for a size that they leave open. */
  private static long size(MemorySegment message) throws FormatException {
    long size = OPEN;
    Wire wire = new Wire(message, "dimension");
    while (wire.next()) {
      if (wire.field() == 1) {
        size = wire.integer();
      } else {
        wire.skip();
      }
    }
    return size > 0 ? size : OPEN;
  }
}
