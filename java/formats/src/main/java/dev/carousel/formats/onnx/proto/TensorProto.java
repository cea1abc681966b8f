package dev.carousel.formats.onnx.proto;

import dev.carousel.formats.data.FormatException;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/**
 * An array of numbers, which are looked at when they are asked for.
 *
 * @param type what its elements are, by ONNX's number
 * @param message all of it, where it lies
 */
public record TensorProto(String name, int type, List<Long> shape, MemorySegment message) {

  /** Reads all but the numbers. */
  public static TensorProto read(MemorySegment message) throws FormatException {
    String name = "";
    int type = 0;
    List<Long> shape = new ArrayList<>(0);
    Wire wire = new Wire(message, "tensor");
    while (wire.next()) {
      switch (wire.field()) {
        case 1 -> wire.integers(shape);
        case 2 -> type = (int) wire.integer();
        case 8 -> name = wire.text();
        default -> wire.skip();
      }
    }
    return new TensorProto(name, type, shape, message);
  }
}
