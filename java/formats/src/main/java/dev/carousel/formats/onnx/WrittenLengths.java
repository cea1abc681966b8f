package dev.carousel.formats.onnx;

import dev.carousel.formats.data.Element;
import dev.carousel.spi.form.Axis;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The valid steps of each sequence as a graph's nodes need them, along each axis. */
final class WrittenLengths {
  private final WrittenGraph graph;
  private final Map<Axis, Along> axes = new HashMap<>();

  /** Those of an input of any integers, {@code [batch]}. */
  WrittenLengths(WrittenGraph graph, String value, Element element) {
    this.graph = graph;
    axes.put(Axis.RUN, new Along(graph, "lengths", element == Element.I32 ? value
        : cast(graph, "lengths", value, Element.I32),
        element == Element.I64 ? value
            : cast(graph, "lengths.wide", value, Element.I64)));
  }

  private static String cast(WrittenGraph graph, String name, String value, Element element) {
    return graph.node("Cast", name, List.of(value), WrittenAttribute.of("to", WrittenGraph.number(element)));
  }

  /** The lengths along an axis. */
  Along along(Axis axis) {
    Along known = axes.get(axis);
    if (known != null) {
      return known;
    }
    String name = "lengths." + axes.size();
    String wide = switch (axis) {
      case Axis.Derived derived -> derived(name, derived, along(derived.from()).wide());
      case Axis.Fixed fixed -> steps(name, along(Axis.RUN).wide(), graph.integer(name + ".all", fixed.count()));
      case Axis.Given _ -> throw new IllegalStateException("The lengths of a run are there from the start.");
    };
    Along made = new Along(graph, name, cast(graph, name, wide, Element.I32), wide);
    axes.put(axis, made);
    return made;
  }

  private String derived(String name, Axis.Derived axis, String from) {
    String moved = graph.node("Add", name + ".moved", List.of(from, graph.integer(name + ".change", axis.change())));
    String strides = axis.stride() == 1 ? moved
        : graph.node("Div", name + ".strides", List.of(moved, graph.integer(name + ".stride", axis.stride())));
    String results = graph.node("Add", name + ".results", List.of(strides, graph.integer(name + ".one", 1)));
    return steps(name, from, results);
  }

  /** None of a sequence that has none. */
  private String steps(String name, String from, String steps) {
    String none = graph.integer(name + ".none", 0);
    return graph.node("Where", name + ".wide",
        List.of(graph.node("Equal", name + ".empty", List.of(from, none)), none, steps));
  }

  /**
   * The lengths along an axis.
   *
   * @param lengths {@code [batch]}, int32 as the recurrent operators take it
   * @param wide the same in int64
   */
  record Along(WrittenGraph graph, String name, String lengths, String wide) {

    /** The rows {@code [steps][batch][width]} with another number behind each sequence's end. */
    String filled(String value, String rows, float number) {
      return graph.node("Where", value + ".filled", List.of(valid(value, rows), rows,
          graph.number(value + ".filling", number)));
    }

    /** Which rows are valid, {@code [steps][batch][1]}. */
    String valid(String value, String rows) {
      String shape = graph.node("Shape", value + ".shape", List.of(rows));
      String first = graph.integer(value + ".first", 0);
      String steps = graph.node("Gather", value + ".steps", List.of(shape, first));
      String step = graph.node("Range", value + ".step", List.of(first, steps, graph.integer(value + ".one", 1)));
      String column = graph.node("Unsqueeze", value + ".step_column",
          List.of(step, graph.integers(value + ".axis_1", 1)));
      String valid = graph.node("Less", value + ".valid", List.of(column, wide)); // [steps][batch]
      return graph.node("Unsqueeze", value + ".row_valid", List.of(valid, graph.integers(value + ".axis_2", 2)));
    }

    /** The rows {@code [batch][width]} with zeros for sequences without steps. */
    String zeroedSequences(String value, String rows) {
      return graph.node("Where", value + ".zeroed", List.of(empty(value), graph.number(value + ".zero", 0), rows));
    }

    /** The last valid row of each sequence, {@code [batch][width]}; the first of one without steps. */
    String last(String value, String rows) {
      return graph.node("Gather", value, List.of(reversed(value, rows), graph.integer(value + ".first", 0)),
          WrittenAttribute.of("axis", 0));
    }

    private String reversed(String value, String rows) {
      return graph.node("ReverseSequence", value + ".reversed", List.of(rows, wide),
          WrittenAttribute.of("time_axis", 0), WrittenAttribute.of("batch_axis", 1));
    }

    /** The number of steps of each sequence as floats, {@code [batch][1]}, and 1 where there is none. */
    String divisors(String value) {
      String floats = cast(graph, value + ".count", wide, Element.F32);
      String some = graph.node("Max", value + ".some", List.of(floats, graph.number(value + ".least", 1)));
      return graph.node("Unsqueeze", value + ".divisors", List.of(some, graph.integers(value + ".axis_1", 1)));
    }

    /** Final states {@code [directions][batch][width]}, of sequences without steps the initial ones. */
    String kept(String value, String finals, String initial) {
      return graph.node("Where", value + ".kept", List.of(empty(value), initial, finals));
    }

    /** Which sequences have no steps, {@code [batch][1]}. */
    private String empty(String value) {
      String empty = graph.node("Equal", value + ".empty", List.of(wide, graph.integer(value + ".none", 0)));
      return graph.node("Unsqueeze", value + ".row_empty", List.of(empty, graph.integers(value + ".axis_1", 1)));
    }
  }
}
