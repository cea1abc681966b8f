package dev.carousel.conformance;

import dev.carousel.Columns;
import dev.carousel.Concat;
import dev.carousel.Conv;
import dev.carousel.Dense;
import dev.carousel.Elementwise;
import dev.carousel.Embedding;
import dev.carousel.FinalState;
import dev.carousel.Gru;
import dev.carousel.LastStep;
import dev.carousel.LayerNorm;
import dev.carousel.Lstm;
import dev.carousel.Merge;
import dev.carousel.Network;
import dev.carousel.Network.Input;
import dev.carousel.Network.Node;
import dev.carousel.Pool;
import dev.carousel.Repeat;
import dev.carousel.Scale;
import dev.carousel.SoftmaxSteps;
import dev.carousel.WeightedSum;
import dev.carousel.WindowPool;
import dev.carousel.spi.form.Activation;
import dev.carousel.spi.form.Window;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Networks that people build of branches. */
final class GraphNetworks {
  private static final List<Input> ROWS = List.of(Input.rows("x", 5));

  private GraphNetworks() {}

  static Map<String, Network> named() {
    Map<String, Network> networks = new LinkedHashMap<>();
    networks.put("residual_stack", residual());
    networks.put("two_heads", Network.of(ROWS, List.of(Node.of("lstm", Lstm.of(5, 9).bidirectional(), "x"),
        Node.of("tags", Dense.of(18, 4).softmax(), "lstm"), Node.of("end", FinalState.of(18), "lstm"),
        Node.of("class", Dense.of(18, 3).softmax(), "end")), "tags", "class"));
    networks.put("attention_pooling", attention());
    networks.put("static_features", Network.of(List.of(Input.rows("x", 5), Input.row("fixed", 3)),
        List.of(Node.of("gru", Gru.of(5, 8), "x"), Node.of("end", LastStep.of(8), "gru"),
            Node.of("both", Concat.of(8, 3), "end", "fixed"), Node.of("y", Dense.of(11, 2), "both")),
        "y"));
    networks.put("embeddings_and_numbers", embeddings());
    networks.put("autoencoder", Network.of(ROWS, List.of(Node.of("encoder", Lstm.of(5, 4), "x"),
        Node.of("code", LastStep.of(4), "encoder"), Node.of("repeated", Repeat.of(4), "code"),
        Node.of("decoder", Lstm.of(4, 6), "repeated"), Node.of("y", Dense.of(6, 5), "decoder")), "y"));
    networks.put("autoencoder_of_fixed_steps", Network.of(ROWS, List.of(Node.of("encoder", Lstm.of(5, 4), "x"),
        Node.of("code", LastStep.of(4), "encoder"), Node.of("repeated", Repeat.of(4).steps(4), "code"),
        Node.of("decoder", Gru.of(4, 6).bidirectional(), "repeated"), Node.of("y", Dense.of(12, 5), "decoder")), "y"));
    networks.put("gate_of_the_input", Network.of(ROWS, List.of(
        Node.of("gate", Dense.of(5, 5).activation(Activation.SIGMOID), "x"),
        Node.of("gated", Merge.product(5), "x", "gate"),
        Node.of("y", Gru.of(5, 4), "gated")), "y"));
    networks.put("two_ways_to_halves", halves());
    networks.put("encoder_decoder", encoderDecoder());
    networks.put("inner_node", Network.of(ROWS, List.of(Node.of("lstm", Lstm.of(5, 6), "x"),
        Node.of("norm", LayerNorm.of(6).epsilon(0.1f), "lstm"), Node.of("y", Dense.of(6, 2), "norm")), "norm", "y"));
    networks.put("causal_stack", Network.of(Conv.of(5, 8, 3).causal(), LayerNorm.of(8).epsilon(0.1f),
        Conv.of(8, 8, 3).dilation(2).causal().groups(8).activation(Activation.RELU), Scale.of(8), Gru.of(8, 4)));
    return networks;
  }

  private static Network residual() {
    return Network.of(ROWS, List.of(Node.of("wide", Dense.of(5, 8), "x"), Node.of("a", Lstm.of(8, 8), "wide"),
        Node.of("sum1", Merge.sum(8), "wide", "a"), Node.of("norm1", LayerNorm.of(8).epsilon(0.1f), "sum1"),
        Node.of("b", Lstm.of(8, 8), "norm1"), Node.of("sum2", Merge.sum(8), "norm1", "b"),
        Node.of("y", Dense.of(8, 3), "sum2")), "y");
  }

  private static Network attention() {
    return Network.of(ROWS, List.of(
        Node.of("conv", Conv.of(5, 8, 3).padSame().stride(2).activation(Activation.RELU), "x"),
        Node.of("lstm", Lstm.of(8, 6).bidirectional(), "conv"),
        Node.of("bent", Dense.of(12, 7).activation(Activation.TANH), "lstm"),
        Node.of("scores", Dense.of(7, 2).withoutBias(), "bent"), Node.of("weights", SoftmaxSteps.of(2), "scores"),
        Node.of("sum", new WeightedSum(12, 2), "lstm", "weights"), Node.of("y", Dense.of(24, 3).softmax(), "sum")),
        "y", "weights");
  }

  private static Network embeddings() {
    return Network.of(List.of(new Input("codes", 2, true, true), Input.rows("x", 3), Input.index("shop")),
        List.of(Node.of("first", Columns.of(2, 0, 1), "codes"), Node.of("second", Columns.of(2, 1, 1), "codes"),
            Node.of("word", Embedding.of(11, 4), "first"), Node.of("kind", Embedding.of(3, 2), "second"),
            Node.of("place", Embedding.of(7, 5), "shop"),
            Node.of("all", Concat.of(4, 3, 2, 5), "word", "x", "kind", "place"), Node.of("y", Gru.of(14, 6), "all")),
        "y");
  }

  private static Network halves() {
    Window window = Window.of(4).stride(2).padSame();
    return Network.of(ROWS, List.of(Node.of("down", Conv.of(5, 6, 1).window(window), "x"),
        Node.of("pool", WindowPool.max(5, 2).window(Window.of(3).stride(2).padSame()), "x"),
        Node.of("both", Concat.of(6, 5), "down", "pool"), Node.of("deep", Gru.of(11, 6).bidirectional(), "both"),
        Node.of("again", Conv.of(12, 4, 3).padSame().stride(2), "deep"),
        Node.of("quarters", WindowPool.mean(5, 4).window(Window.of(5).stride(4).padSame()).countPadding(), "x"),
        Node.of("met", Concat.of(4, 5), "again", "quarters"), Node.of("mean", Pool.mean(9), "met")), "deep", "met",
        "mean");
  }

  private static Network encoderDecoder() {
    return Network.of(List.of(Input.rows("x", 5), Input.rows("before", 3)),
        List.of(Node.of("encoder", Lstm.of(5, 6), "x"), Node.of("hidden", FinalState.of(6), "encoder"),
            Node.of("cell", FinalState.of(6).ofCell(), "encoder"),
            Node.of("decoder", Lstm.of(3, 6), "before", "hidden", "cell"),
            Node.of("start", Elementwise.of(6, Activation.TANH), "hidden"),
            Node.of("other", Gru.of(3, 3).bidirectional(), "before", "start"),
            Node.of("both", Concat.of(6, 6), "decoder", "other"), Node.of("y", Dense.of(12, 4), "both")),
        "y", "other");
  }
}
