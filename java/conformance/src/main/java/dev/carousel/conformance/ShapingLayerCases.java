package dev.carousel.conformance;

import dev.carousel.Columns;
import dev.carousel.Concat;
import dev.carousel.Conv;
import dev.carousel.Elementwise;
import dev.carousel.Flatten;
import dev.carousel.Layer;
import dev.carousel.LayerNorm;
import dev.carousel.Merge;
import dev.carousel.Network;
import dev.carousel.Network.Input;
import dev.carousel.Network.Node;
import dev.carousel.Noise;
import dev.carousel.Pool;
import dev.carousel.Repeat;
import dev.carousel.Scale;
import dev.carousel.Softmax;
import dev.carousel.SoftmaxSteps;
import dev.carousel.WeightedSum;
import dev.carousel.WindowPool;
import dev.carousel.spi.form.AcrossSteps;
import dev.carousel.spi.form.Activation;
import dev.carousel.spi.form.Mapping;
import dev.carousel.spi.form.Program;
import dev.carousel.spi.form.Window;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Every layer that is no cell, at widths on both sides of a vector's. */
final class ShapingLayerCases {
  private static final int[] WIDTHS = {1, 8, 9, 34};
  private static final Shape[] SHAPES = {Shape.full(4, 3), Shape.ragged(9, 8)};

  private final List<Case> cases = new ArrayList<>();

  private ShapingLayerCases() {}

  static List<Case> all() {
    ShapingLayerCases made = new ShapingLayerCases();
    for (int width : WIDTHS) {
      made.plain(width).forEach((name, layer) -> made.add(name, name + "_n" + width, Network.of(layer)));
      made.several(width);
      made.convolutions(width);
    }
    return made.cases;
  }

  private void add(String subject, String name, Network network) {
    Program program = network.lower().program();
    for (Shape shape : SHAPES) {
      cases.add(Case.differential(Family.LAYER, subject.replace('_', ' '), name + "_" + shape, program, shape));
    }
  }

  private Map<String, Layer> plain(int width) {
    Map<String, Layer> layers = new LinkedHashMap<>();
    layers.put("elementwise", Elementwise.of(width, Activation.Kind.GELU.of()));
    layers.put("softmax", Softmax.of(width));
    layers.put("log_softmax", Softmax.of(width).logarithm());
    layers.put("scale", Scale.of(width));
    layers.put("layer_norm", LayerNorm.of(width).epsilon(0.1f)); // of one column nothing is left
    layers.put("columns", Columns.of(width, width / 2, width - width / 2));
    layers.put("noise", Noise.dropout(width, 0.5f));
    for (AcrossSteps.Pool.Rule rule : AcrossSteps.Pool.Rule.values()) {
      layers.put("pool_" + rule.name().toLowerCase(Locale.ROOT), new Pool(rule, width));
    }
    layers.put("window_pool_max", WindowPool.max(width, 2));
    layers.put("window_pool_mean", WindowPool.mean(width, 3).window(Window.of(3).stride(2).padSame()).countPadding());
    layers.put("softmax_steps", SoftmaxSteps.of(width));
    layers.put("repeat", Repeat.of(width));
    layers.put("repeat_fixed", Repeat.of(width).steps(3));
    layers.put("flatten", Flatten.of(width, 9));
    return layers;
  }

  private void several(int width) {
    List<Input> inputs = List.of(Input.rows("x", width), Input.rows("weights", 3), Input.row("row", width));
    add("weighted_sum", "weighted_sum_n" + width, Network.of(inputs.subList(0, 2),
        List.of(Node.of("y", new WeightedSum(width, 3), "x", "weights")), "y"));
    add("concat", "concat_n" + width,
        Network.of(inputs, List.of(Node.of("y", Concat.of(width, 3, width), "row", "weights", "x")), "y"));
    for (Mapping.Combine.Rule rule : Mapping.Combine.Rule.values()) {
      List<Node> nodes = new ArrayList<>();
      nodes.add(Node.of("one", Columns.of(3, 1, 1), "weights"));
      nodes.add(Node.of("bent", Elementwise.of(width, Activation.SIGMOID), "row"));
      nodes.add(Node.of("more", Elementwise.of(1, Activation.SIGMOID), "one"));
      nodes.add(Node.of("y", Merge.of(rule, width), "x", "bent", "more"));
      String name = "merge_" + rule.name().toLowerCase(Locale.ROOT);
      add(name, name + "_n" + width, Network.of(inputs, nodes, "y"));
    }
  }

  private void convolutions(int width) {
    Map<String, Conv> convolutions = new LinkedHashMap<>();
    Conv conv = Conv.of(width, 6, 3);
    convolutions.put("within", conv);
    convolutions.put("same", conv.padSame().activation(Activation.RELU));
    convolutions.put("same_strided", conv.padSame().stride(2));
    convolutions.put("causal", conv.dilation(2).causal());
    convolutions.put("unbiased", conv.causal().withoutBias());
    convolutions.put("single_step", Conv.of(width, 7, 1));
    convolutions.put("padded", conv.window(Window.of(4).padding(3, 1)));
    convolutions.put("column_a_group", Conv.of(width, width, 3).groups(width).padSame());
    convolutions.put("column_a_group_causal", Conv.of(width, width, 3).groups(width).causal());
    if (width % 2 == 0) {
      convolutions.put("two_groups", conv.groups(2).padSame());
      convolutions.put("two_groups_causal", conv.groups(2).causal());
    }
    convolutions.forEach((name, layer) -> add("conv_" + name, "conv_" + name + "_n" + width, Network.of(layer)));
  }
}
