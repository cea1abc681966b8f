package dev.carousel.formats.onnx;

import dev.carousel.formats.data.Element;
import java.util.List;

/**
 * The valid steps of each sequence as a graph's nodes need them.
 *
 * @param lengths {@code [batch]}, int32 as the recurrent operators take it
 * @param wide the same in int64
 */
record WrittenLengths(WrittenGraph graph, String lengths, String wide) {

  /** Those of an input of any integers, {@code [batch]}. */
  static WrittenLengths of(WrittenGraph graph, String value, Element element) {
    String lengths = element == Element.I32 ? value : cast(graph, "lengths", value, Element.I32);
    String wide = element == Element.I64 ? value : cast(graph, "lengths.wide", value, Element.I64);
    return new WrittenLengths(graph, lengths, wide);
  }

  private static String cast(WrittenGraph graph, String name, String value, Element element) {
    return graph.node("Cast", name, List.of(value), WrittenAttribute.of("to", WrittenGraph.number(element)));
  }

  /** The rows {@code [steps][batch][width]} with zeros behind each sequence's end. */
  String zeroedRows(String name, String rows) {
    String shape = graph.node("Shape", name + ".shape", List.of(rows));
    String first = graph.integer(name + ".first", 0);
    String steps = graph.node("Gather", name + ".steps", List.of(shape, first));
    String step = graph.node("Range", name + ".step", List.of(first, steps, graph.integer(name + ".one", 1)));
    String column = graph.node("Unsqueeze", name + ".step_column", List.of(step, graph.integers(name + ".axis_1", 1)));
    String valid = graph.node("Less", name + ".valid", List.of(column, wide)); // [steps][batch]
    String rowsValid = graph.node("Unsqueeze", name + ".row_valid",
        List.of(valid, graph.integers(name + ".axis_2", 2)));
    return graph.node("Where", name + ".zeroed", List.of(rowsValid, rows, graph.number(name + ".zero", 0)));
  }

  /** The rows {@code [batch][width]} with zeros for sequences without steps. */
  String zeroedSequences(String name, String rows) {
    return graph.node("Where", name + ".zeroed", List.of(empty(name), graph.number(name + ".zero", 0), rows));
  }

  /** The last valid row of each sequence, {@code [batch][width]}; the first of one without steps. */
  String last(String name, String rows) {
    String reversed = graph.node("ReverseSequence", name + ".reversed", List.of(rows, wide),
        WrittenAttribute.of("time_axis", 0), WrittenAttribute.of("batch_axis", 1));
    return graph.node("Gather", name, List.of(reversed, graph.integer(name + ".first", 0)),
        WrittenAttribute.of("axis", 0));
  }

  /** Final states {@code [directions][batch][width]}, of sequences without steps the initial ones. */
  String kept(String name, String finals, String initial) {
    return graph.node("Where", name + ".kept", List.of(empty(name), initial, finals));
  }

  /** Which sequences have no steps, {@code [batch][1]}. */
  private String empty(String name) {
    String empty = graph.node("Equal", name + ".empty", List.of(wide, graph.integer(name + ".none", 0)));
    return graph.node("Unsqueeze", name + ".row_empty", List.of(empty, graph.integers(name + ".axis_1", 1)));
  }
}
