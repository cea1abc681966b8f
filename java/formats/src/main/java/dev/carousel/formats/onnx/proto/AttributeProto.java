package dev.carousel.formats.onnx.proto;

import dev.carousel.formats.data.FormatException;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A named setting of a node; which of the values counts, its operator knows.
 *
 * @param graph a graph within, which is not looked at before it is asked for; null for none
 */
public record AttributeProto(String name, long integer, float real, String text, @Nullable TensorProto tensor,
    @Nullable MemorySegment graph, List<Long> integers, List<Float> reals, List<String> texts) {

  static AttributeProto read(MemorySegment message) throws FormatException {
    String name = "";
    long integer = 0;
    float real = 0;
    String text = "";
    TensorProto tensor = null;
    MemorySegment graph = null;
    List<Long> integers = new ArrayList<>(0);
    List<Float> reals = new ArrayList<>(0);
    List<String> texts = new ArrayList<>(0);
    Wire wire = new Wire(message, "attribute");
    while (wire.next()) {
      switch (wire.field()) {
        case 1 -> name = wire.text();
        case 2 -> real = wire.real();
        case 3 -> integer = wire.integer();
        case 4 -> text = wire.text();
        case 5 -> tensor = TensorProto.read(wire.bytes());
        case 6 -> graph = wire.bytes();
        case 7 -> wire.reals(reals);
        case 8 -> wire.integers(integers);
        case 9 -> texts.add(wire.text());
        default -> wire.skip();
      }
    }
    return new AttributeProto(name, integer, real, text, tensor, graph, integers, reals, texts);
  }
}
