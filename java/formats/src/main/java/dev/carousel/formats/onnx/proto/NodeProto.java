package dev.carousel.formats.onnx.proto;

import dev.carousel.formats.data.FormatException;
import dev.carousel.formats.data.Names;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A use of an operator.
 *
 * @param inputs the names of the values that it reads; "" where an optional one is left out
 * @param outputs the names of the values that it computes; "" where one is not wanted
 * @param domain the set that the operator is of; "" for ONNX's own
 */
public record NodeProto(String name, String domain, String operator, List<String> inputs, List<String> outputs,
    List<AttributeProto> attributes) {

  static NodeProto read(MemorySegment message) throws FormatException {
    String name = "";
    String domain = "";
    String operator = "";
    List<String> inputs = new ArrayList<>(0);
    List<String> outputs = new ArrayList<>(0);
    List<AttributeProto> attributes = new ArrayList<>(0);
    Wire wire = new Wire(message, "node");
    while (wire.next()) {
      switch (wire.field()) {
        case 1 -> inputs.add(wire.text());
        case 2 -> outputs.add(wire.text());
        case 3 -> name = wire.text();
        case 4 -> operator = wire.text();
        case 5 -> attributes.add(AttributeProto.read(wire.bytes()));
        case 7 -> domain = canonical(wire.text());
        default -> wire.skip();
      }
    }
    return new NodeProto(name, domain, operator, inputs, outputs, attributes);
  }

  static String canonical(String domain) {
    return domain.equals("ai.onnx") ? "" : domain;
  }

  /** An attribute by name. */
  public Optional<AttributeProto> attribute(String wanted) {
    return attributes.stream().filter(attribute -> attribute.name().equals(wanted)).findFirst();
  }

  /** What messages call it: its name, or that of its first output, and the operator. */
  public String label() {
    String known = name.isEmpty() && !outputs.isEmpty() ? outputs.getFirst() : name;
    return "Node " + shortened(known) + " (" + shortened(domain.isEmpty() ? operator : domain + "." + operator) + ")";
  }

  /** A name as a message has it. */
  public static String shortened(String name) {
    return Names.one(name);
  }
}
