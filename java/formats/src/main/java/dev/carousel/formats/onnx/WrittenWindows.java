package dev.carousel.formats.onnx;

import dev.carousel.Conv;
import dev.carousel.Tensor;
import dev.carousel.Weights;
import dev.carousel.WindowPool;
import dev.carousel.formats.data.FormatException;
import dev.carousel.spi.form.AcrossSteps;
import dev.carousel.spi.form.Window;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Convolutions and pools over windows of steps, which ONNX has for {@code [batch][columns][steps]}. */
final class WrittenWindows {
  private final WrittenGraph graph;
  private final Weights weights;
  private final @Nullable WrittenLengths lengths;
  private final WrittenStates states;
  private final WrittenSteps steps;

  WrittenWindows(WrittenGraph graph, Weights weights, @Nullable WrittenLengths lengths, WrittenStates states,
      WrittenSteps steps) {
    this.graph = graph;
    this.weights = weights;
    this.lengths = lengths;
    this.states = states;
    this.steps = steps;
  }

  String conv(String name, Conv conv, Written in) throws FormatException {
    Tensor weight = weights.tensor(name + ".weight");
    int width = conv.window().width();
    int inputs = conv.inputs() / conv.groups();
    List<String> operands = new ArrayList<>();
    String history = states.initial(name + ".history");
    Window window = conv.window();
    String zeroed = steps.zeroed(name, in);
    if (!history.isEmpty()) {
      FormatException.check(lengths == null, "Node %s, %s, keeps rows from call to call, and the model takes lengths:"
          + " what is kept then has no form in ONNX. Give the model no input of lengths, or none of that state.", name,
          conv);
      zeroed = behind(name, conv, history, zeroed);
      window = window.padding(0, 0);
    }
    if (moves(window)) {
      zeroed = moved(name, window, 0, zeroed, in);
      window = window.padding(0, 0);
    }
    operands.add(turned(name + ".columns", zeroed, 1, 2, 0));
    operands.add(graph.weights(name + ".weight", List.of((long) conv.outputs(), (long) inputs, (long) width),
        List.of(outermost(weight, width, inputs))));
    if (conv.bias()) {
      Tensor bias = weights.tensor(name + ".bias");
      operands.add(graph.weights(name + ".bias", List.of((long) bias.columns()), List.of(bias.data())));
    }
    List<WrittenAttribute> attributes = attributes(window);
    attributes.add(WrittenAttribute.of("group", conv.groups()));
    String value = graph.node("Conv", name + ".convolution", operands, attributes.toArray(WrittenAttribute[]::new));
    return WrittenActivation.node(graph, name, turned(name + ".rows", value, 2, 0, 1), conv.activation());
  }

  /** Our {@code [outputs][window][inputs]} as {@code [outputs][inputs][window]}. */
  private static MemorySegment outermost(Tensor weight, int width, int inputs) {
    float[] values = new float[weight.rows() * weight.columns()];
    for (int i = 0; i < values.length; i++) {
      int place = i % weight.columns();
      values[i] = weight.get(i / weight.columns(), place % width * inputs + place / width);
    }
    return MemorySegment.ofArray(values);
  }

  private String turned(String name, String value, int... order) {
    return graph.node("Transpose", name, List.of(value), WrittenAttribute.integers("perm", order));
  }

  /** Whether windows begin where each sequence's own length says. */
  private static boolean moves(Window window) {
    return window.same() && window.stride() > 1;
  }

  private String moved(String name, Window window, float fill, String rows, Written in) {
    return new WrittenPadding(graph, name, window, fill).moved(rows,
        lengths == null ? null : lengths.along(in.rows().axis()));
  }

  private static List<WrittenAttribute> attributes(Window window) {
    List<WrittenAttribute> attributes = new ArrayList<>();
    attributes.add(WrittenAttribute.integers("kernel_shape", window.width()));
    attributes.add(WrittenAttribute.integers("strides", window.stride()));
    int all = window.reach() - 1;
    attributes.add(window.same() ? WrittenAttribute.integers("pads", all / 2, all - all / 2)
        : WrittenAttribute.integers("pads", window.before(), window.after()));
    attributes.add(WrittenAttribute.integers("dilations", window.dilation()));
    return attributes;
  }

  /** The rows behind those that were kept; what is to be kept next is noted. */
  private String behind(String name, Conv conv, String history, String rows) {
    int kept = conv.window().reach() - 1;
    boolean columns = conv.groups() == conv.inputs() && conv.groups() == conv.outputs();
    int groups = columns ? 1 : conv.groups();
    int inputs = conv.inputs() / groups;
    String parts = graph.node("Reshape", name + ".history_parts",
        List.of(history, graph.integers(name + ".history_shape", -1, groups, kept, inputs)));
    String before = graph.node("Reshape", name + ".history_rows",
        List.of(turned(name + ".history_turned", parts, 2, 0, 1,
            3), graph.integers(name + ".history_row_shape", kept, -1, conv.inputs())));
    String all = graph.node("Concat", name + ".all_rows", List.of(before, rows), WrittenAttribute.of("axis", 0));
    String last = graph.node("Slice", name + ".kept_rows", List.of(all, graph.integers(name + ".kept_from", -kept),
        graph.integers(name + ".kept_to", Long.MAX_VALUE), graph.integers(name + ".kept_axis", 0)));
    String apart = graph.node("Reshape", name + ".kept_parts",
        List.of(last, graph.integers(name + ".kept_shape", kept, -1, groups, inputs)));
    states.finals(name + ".history", graph.node("Reshape", name + ".kept", List.of(
        turned(name + ".kept_turned", apart, 1, 2, 0, 3),
        graph.integers(name + ".kept_row_shape", 1, -1, (long) kept * conv.inputs()))));
    return all;
  }

  String pool(String name, WindowPool pool, Written in) {
    Window window = pool.window();
    boolean moves = moves(window);
    if (pool.rule() == AcrossSteps.Pool.Rule.MAX) {
      float least = Float.NEGATIVE_INFINITY;
      String rows = steps.filled(name, in, least);
      String value = turned(name + ".columns", moves ? moved(name, window, least, rows, in) : rows, 1, 2, 0);
      return turned(name + ".rows", largest(name, moves ? window.padding(0, 0) : window, value), 2, 0, 1);
    }
    String zeroed = steps.zeroed(name, in);
    String rows = moves ? moved(name, window, 0, zeroed, in) : zeroed;
    String sum = windowSum(name, pool, turned(name + ".columns", rows, 1, 2, 0), pool.inputs());
    String divisor = pool.padded() ? graph.number(name + ".width", window.width())
        : windowSum(name + ".count", pool, ones(name, pool, in), 1);
    return turned(name + ".rows", graph.node("Div", name + ".mean", List.of(sum, divisor)), 2, 0, 1);
  }

  private String largest(String name, Window window, String value) {
    int all = window.reach() - 1;
    int before = window.same() ? all / 2 : window.before();
    int after = window.same() ? all - all / 2 : window.after();
    if (window.dilation() == 1 || (before == 0 && after == 0)) {
      return graph.node("MaxPool", name + ".largest", List.of(value),
          attributes(window).toArray(WrittenAttribute[]::new));
    }
    String padded = graph.node("Pad", name + ".padded",
        List.of(value, graph.integers(name + ".pads", 0, 0, before, 0, 0,
            after), graph.number(name + ".least", Float.NEGATIVE_INFINITY))); // no pool takes a padding as wide as its kernel
    return graph.node("MaxPool", name + ".largest", List.of(padded),
        attributes(window.padding(0, 0)).toArray(WrittenAttribute[]::new));
  }

  /** A 1 for each step that is there, {@code [batch][1][steps]}. */
  private String ones(String name, WindowPool pool, Written in) {
    String first = graph.node("Slice", name + ".first_column", List.of(in.value(), graph.integers(name + ".from", 0),
        graph.integers(name + ".to", 1), graph.integers(name + ".along", 2)));
    String zero = graph.node("Mul", name + ".nothing", List.of(first, graph.number(name + ".none", 0)));
    String one = graph.node("Add", name + ".ones", List.of(zero, graph.number(name + ".one", 1)));
    String zeroed = steps.zeroed(name + ".ones", in.with(one));
    return turned(name + ".there", moves(pool.window()) ? moved(name + ".ones", pool.window(), 0, zeroed, in) : zeroed,
        1,
        2, 0);
  }

  /** The sum of each window, column by column: a convolution with ones. */
  private String windowSum(String name, WindowPool pool, String value, int columns) {
    float[] ones = new float[columns * pool.window().width()];
    Arrays.fill(ones, 1);
    String kernel = graph.weights(name + ".kernel", List.of((long) columns, 1L, (long) pool.window().width()),
        List.of(MemorySegment.ofArray(ones)));
    Window window = moves(pool.window()) ? pool.window().padding(0, 0) : pool.window();
    List<WrittenAttribute> attributes = attributes(window);
    attributes.add(WrittenAttribute.of("group", columns));
    return graph.node("Conv", name + ".sum", List.of(value, kernel), attributes.toArray(WrittenAttribute[]::new));
  }
}
