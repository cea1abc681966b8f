package dev.carousel.formats.onnx;

import dev.carousel.formats.onnx.proto.NodeProto;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The names of a network, short and each given once, out of those of a graph. */
final class Naming {
  private static final int LONGEST = 48;

  private final Set<String> taken = new HashSet<>();
  private final Map<String, Integer> counts = new HashMap<>();

  /** The name, or with a number that makes it one of a kind. */
  String free(String name) {
    String free = name;
    int count = counts.getOrDefault(name, 1);
    while (!taken.add(free)) {
      free = name + "_" + ++count;
    }
    counts.put(name, count);
    return free;
  }

  /** What tells a node from others: the last part of its name's path that does not just say its operator. */
  static String of(NodeProto node) {
    String full = node.name().isEmpty() && !node.outputs().isEmpty() ? node.outputs().getFirst() : node.name();
    List<String> parts = new ArrayList<>();
    for (String part : full.split("/", -1)) {
      if (!part.isEmpty()) {
        parts.add(part);
      }
    }
    if (parts.size() > 1 && parts.getLast().startsWith(node.operator())) {
      parts.removeLast();
    }
    return safe(parts.isEmpty() ? node.operator() : parts.getLast());
  }

  /** A name of letters, digits and a few signs, not too long. */
  static String safe(String name) {
    String plain = name.replaceAll("[^A-Za-z0-9_+-]", "_");
    String safe = plain.substring(Math.max(0, plain.length() - LONGEST));
    return safe.isBlank() ? "_" : safe;
  }
}
