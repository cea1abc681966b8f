package dev.carousel.formats.onnx;

import dev.carousel.spi.form.Window;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Rows moved so that windows which begin where each sequence's own length says begin at the first row of all: ONNX has one
 * padding for all sequences, and onnxruntime none that follows from the steps where windows are dilated.
 *
 * @param fill what stands beyond the ends of sequences
 */
record WrittenPadding(WrittenGraph graph, String name, Window window, float fill) {

  /** Rows {@code [steps][batch][width]} whose windows begin at the first. */
  String moved(String rows, WrittenLengths.@Nullable Along lengths) {
    String shape = node("Shape", "moved_shape", rows);
    String steps = node("Gather", "moved_steps", shape, number("first", 0));
    String windows = node("Mul", "moved_strides", strides("all_windows", steps), number("stride", window.stride()));
    String all = node("Add", "moved_all", windows, number("reach", window.reach()));
    String place = node("Range", "moved_place", number("from", 0), all, number("one", 1));
    String padded = node("Pad", "filled", rows, graph.integers(name + ".fill_pads", 0, 0, 0, 1, 0, 0),
        graph.number(name + ".fill", fill));
    if (lengths == null) {
      return node("Gather", "moved", padded, within(node("Sub", "moved_from", place, before(steps)), steps));
    }
    String column = node("Unsqueeze", "moved_column", place, graph.integers(name + ".column_axis", 1));
    String from = within(node("Sub", "moved_from", column, before(lengths.wide())), steps);
    String rowsFrom = node("Unsqueeze", "moved_rows", from, graph.integers(name + ".row_axis", 2));
    String width = node("Gather", "moved_width", shape, graph.integers(name + ".width_place", 2));
    String wide = node("Concat", "moved_wide", List.of(graph.integers(name + ".ones", 1, 1), width),
        WrittenAttribute.of("axis", 0));
    return node("GatherElements", "moved", List.of(padded, node("Expand", "moved_elements", rowsFrom, wide)),
        WrittenAttribute.of("axis", 0));
  }

  /** The strides that were begun, less one. */
  private String strides(String what, String steps) {
    return node("Div", what, node("Sub", what + "_less", steps, number(what + "_one", 1)),
        number(what + "_stride", window.stride()));
  }

  /** How many steps before a sequence's first one its windows begin. */
  private String before(String length) {
    String windows = node("Mul", "own_strides", strides("own_windows", length), number("own_stride", window.stride()));
    String missing = node("Sub", "own_missing", node("Add", "own_reach", windows, number("own", window.reach())),
        length);
    return node("Div", "own_before", node("Max", "own_total", missing, number("none", 0)), number("two", 2));
  }

  /** The steps that are there; where one is not, the row behind all, which is filled. */
  private String within(String from, String steps) {
    String ahead = node("Less", "ahead", from, number("begin", 0));
    String behind = node("Less", "behind", steps, from);
    return node("Where", "within", node("Or", "beyond", ahead, behind), steps, from);
  }

  private String number(String what, long value) {
    return graph.integer(name + "." + what, value);
  }

  private String node(String operator, String what, String... inputs) {
    return node(operator, what, List.of(inputs));
  }

  private String node(String operator, String what, List<String> inputs, WrittenAttribute... attributes) {
    return graph.node(operator, name + "." + what, inputs, attributes);
  }
}
