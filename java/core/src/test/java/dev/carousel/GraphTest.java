package dev.carousel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.carousel.Network.Input;
import dev.carousel.Network.Node;
import dev.carousel.Network.Output;
import dev.carousel.spi.form.Activation;
import dev.carousel.spi.form.Axis;
import dev.carousel.spi.form.Window;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

class GraphTest {
  private static final Input X = Input.rows("x", 4);

  private static Network graph(Node... nodes) {
    return Network.of(List.of(X), List.of(nodes), nodes[nodes.length - 1].name());
  }

  private static void refused(ThrowingCallable made, String... parts) {
    assertThatIllegalArgumentException().isThrownBy(made).withMessageContainingAll(parts);
  }

  @Test
  void aListIsTheGraphInWhichEachReadsTheOneBefore() {
    Network list = Network.of(Lstm.of(4, 3), LastStep.of(3));
    assertThat(list).isEqualTo(new Network(List.of(Input.rows("input", 4)),
        List.of(Node.of("0", Lstm.of(4, 3), "input"), Node.of("1", LastStep.of(3), "0")),
        List.of(new Output("output", "1"))));
    assertThat(list.layers()).containsExactly(Lstm.of(4, 3), LastStep.of(3));
  }

  @Test
  void everyReaderReadsWhatANodeGivesAndNothingIsCopiedThatCanBeWrittenInPlace() {
    Network network = Network.of(List.of(X, Input.row("speaker", 2)),
        List.of(Node.of("first", Lstm.of(4, 4), "x"), Node.of("residual", Merge.sum(4), "first", "x"),
            Node.of("gate", Dense.of(4, 4).activation(Activation.SIGMOID).withoutBias(), "residual"),
            Node.of("joined", Concat.of(4, 4, 2), "gate", "residual", "speaker"),
            Node.of("last", LastStep.of(10), "joined")),
        "last", "gate");
    assertThat(network.lower().program().toString())
        .contains("first.forward.hidden[B,4], joined.output[T*B,4:8] = lstm(")
        .contains("joined.output[T*B,4:8] = combine(joined.output[T*B,4:8], x[T*B,4], sum)")
        .contains("gate[T*B,4] = gemm(joined.output[T*B,4:8], gate.weight[4,4])")
        .contains("joined.output[T*B,0:4] = copy(gate[T*B,4])")
        .contains("joined.output[T*B,8:10] = repeat(speaker[B,2])").contains("last[B,10] = last_step(");
  }

  @Test
  void convolutionsStandOnTheAxisThatTheirWindowsMake() {
    Network network = graph(Node.of("down", Conv.of(4, 6, 3).stride(2).padSame(), "x"),
        Node.of("lstm", Lstm.of(6, 3), "down"));
    assertThat(network.output()).isEqualTo(new Network.Rows(3, true, Window.of(3).stride(2).padSame().over(Axis.RUN),
        false));
    assertThat(network.lower().program().toString())
        .contains("down.window[((T-1)/2+1)*B,12] = gather(x[T*B,4], window 3 stride 2 same)")
        .contains("lstm[((T-1)/2+1)*B,3]");
    assertThat(graph(Node.of("same", Conv.of(4, 6, 3).padSame(), "x")).output().axis()).isEqualTo(Axis.RUN);
  }

  @Test
  void groupsAreProductsOfTheirOwnAndSingleColumnsAreScaled() {
    assertThat(graph(Node.of("c", Conv.of(4, 6, 1).groups(2), "x")).lower().program().toString())
        .contains("c[T*B,0:3] = gemm(x[T*B,0:2], c.weight.0[3,2]) + c.bias.0[1,3]")
        .contains("c[T*B,3:6] = gemm(x[T*B,2:4], c.weight.1[3,2]) + c.bias.1[1,3]");
    assertThat(graph(Node.of("c", Conv.of(4, 4, 2).groups(4).causal(), "x")).lower().program().toString())
        .contains("c.window[T*B,8], c.history[B,4] = gather(x[T*B,4], c.history[B,4], window 2 padding 1,0)")
        .contains("c[T*B,4] = scale(c.window[T*B,0:4], c.weight.0[1,4], c.bias[1,4])")
        .contains("c[T*B,4] += scale(c.window[T*B,4:8], c.weight.1[1,4], c[T*B,4])");
  }

  @Test
  void namesTheNodeThatReadsWhatIsNotThere() {
    refused(() -> graph(Node.of("a", Dense.of(4, 4), "z")), "Node a", "reads z", "[x]");
    refused(() -> graph(Node.of("a", Merge.sum(4), "x", "b"), Node.of("b", Dense.of(4, 4), "a")), "Node a", "reads b",
        "put it before", "cycle");
    refused(() -> graph(Node.of("a", Merge.sum(4), "x", "a")), "Node a", "reads a", "cycle");
    refused(() -> graph(Node.of("a", Dense.of(4, 4))), "Node a", "reads nothing");
    refused(() -> Network.of(List.of(X), List.of(Node.of("a", Dense.of(4, 4), "x")), "b"), "Output b", "[x, a]");
  }

  @Test
  void namesTheNodeWhoseNameOrPlaceIsWrong() {
    refused(() -> graph(Node.of("a", Dense.of(4, 4), "x"), Node.of("a", Dense.of(4, 4), "a")), "called a");
    refused(() -> graph(Node.of("x", Dense.of(4, 4), "x")), "called x");
    refused(() -> graph(Node.of("a.b", Dense.of(4, 4), "x")), "a.b", "no dot");
    refused(() -> graph(Node.of(" ", Dense.of(4, 4), "x")), "not blank");
    refused(() -> graph(Node.of("a", Dense.of(4, 4), "x"), Node.of("b", Dense.of(4, 4), "x")), "Node a", "no output",
        "Take it out");
    refused(() -> Network.of(List.of(X, Input.row("y", 2)), List.of(Node.of("a", Dense.of(4, 4), "x")), "a"), "Input y",
        "read by no node");
    refused(() -> new Network(List.of(X), List.of(Node.of("a", Dense.of(4, 4), "x")), List.of(new Output("o", "a"),
        new Output("o", "x"))), "Two outputs are called o");
    refused(() -> new Network(List.of(X), List.of(Node.of("a", Dense.of(4, 4), "x")), List.of(new Output("x", "a"))),
        "An input and an output are called x");
    refused(() -> new Network(List.of(X), List.of(), List.of()), "0 nodes");
  }

  @Test
  void namesTheNodeWhoseRowsDoNotFit() {
    refused(() -> graph(Node.of("a", Dense.of(5, 4), "x")), "Node a", "rows of 5", "x gives rows of 4");
    refused(() -> graph(Node.of("a", Concat.of(4, 5), "x", "x")), "Node a", "rows of 5", "rows of 4");
    refused(() -> graph(Node.of("a", Concat.of(4, 4), "x")), "Node a", "reads 1", "takes 2");
    refused(() -> graph(Node.of("a", Merge.sum(4), "x")), "Node a", "reads 1", "2 or more");
    refused(() -> graph(Node.of("a", Pool.mean(4), "x"), Node.of("b", Pool.max(4), "a")), "Node b", "a row a step",
        "a gives one row a sequence");
    refused(() -> graph(Node.of("a", Repeat.of(4), "x")), "Node a", "row for each step already");
    refused(() -> graph(Node.of("a", Embedding.of(9, 4), "x")), "Node a", "looks up indices", "x gives it floats");
    refused(() -> graph(Node.of("a", Conv.of(4, 4, 2), "x"), Node.of("b", Merge.sum(4), "x", "a")), "Node b",
        "the same steps", "a has T-1", "has T");
    refused(() -> graph(Node.of("a", FinalState.of(4), "x")), "Node a", "x is none");
    refused(() -> graph(Node.of("r", Gru.of(4, 3), "x"), Node.of("a", FinalState.of(3).ofCell(), "r")), "Node a",
        "cell state of an LSTM", "r is none");
    refused(() -> graph(Node.of("h", LastStep.of(4), "x"), Node.of("r", Lstm.of(4, 4), "x", "h")), "Node r", "reads 2",
        "1, or 3");
    refused(() -> Network.of(List.of(Input.indices("i")), List.of(Node.of("a", Dense.of(1, 4), "i")), "a"), "Node a",
        "gives indices", "embedding");
    refused(() -> new Network(List.of(X, Input.indices("i")), List.of(Node.of("a", Dense.of(4, 4), "x"),
        Node.of("e", Embedding.of(3, 2), "i")), List.of(Output.of("a"), Output.of("e"), new Output("o", "i"))),
        "Output o", "indices");
  }

  @Test
  void streamsWhereNoNodeNeedsStepsThatAreToCome() {
    assertThat(graph(Node.of("a", Conv.of(4, 4, 3).dilation(2).causal(), "x"), Node.of("b", Lstm.of(4, 4), "a"),
        Node.of("c", Merge.sum(4), "b", "x")).streams()).isTrue();
    assertThat(
        Network.of(List.of(X, Input.row("s", 2)), List.of(Node.of("a", Concat.of(4, 2), "x", "s")), "a").streams())
        .isTrue();
    for (Layer ahead : List.of(Conv.of(4, 4, 3).padSame(), Conv.of(4, 4, 2), Conv.of(4, 4, 2).stride(2).causal(),
        Pool.max(4), SoftmaxSteps.of(4), Flatten.of(4, 3), WindowPool.max(4, 2), Lstm.of(4, 4).bidirectional())) {
      assertThat(graph(Node.of("a", ahead, "x")).streams()).as("%s", ahead).isFalse();
    }
    assertThat(graph(Node.of("e", LastStep.of(4), "x"), Node.of("a", Merge.sum(4), "x", "e")).streams())
        .as("what is known at the end, at every step").isFalse();
    assertThat(graph(Node.of("e", LastStep.of(4), "x"), Node.of("a", Lstm.of(4, 4), "x", "e", "e")).streams())
        .as("a state that is given").isFalse();
  }
}
