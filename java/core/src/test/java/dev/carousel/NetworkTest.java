package dev.carousel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.junit.jupiter.api.Assertions.assertTimeout;

import dev.carousel.spi.form.Activation;
import dev.carousel.spi.form.Window;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class NetworkTest {
  @Test
  void saysWhichLayerDoesNotFit() {
    assertThatIllegalArgumentException().isThrownBy(() -> Network.of(Lstm.of(4, 8).bidirectional(), Dense.of(8, 2)))
        .withMessageContainingAll("Node 1", "takes rows of 8", "0 gives rows of 16", "Make the two the same");
  }

  @Test
  void rowsOfWindowsMayStandBesideThoseThatTheyRead() {
    Network network = Network.of(List.of(Network.Input.rows("x", 3)), List.of(Network.Node.of("a", Dense.of(3, 4), "x"),
        Network.Node.of("b", WindowPool.max(4, 3).window(Window.of(3).causal()), "a"),
        Network.Node.of("c", Concat.of(4, 4), "a", "b")), "c");
    float[] x = {1, -2, 3, 4, -5, 6, 7, 8, -9};
    try (
        Model model = Model.compile(network, Weights.seeded(network, Initialisation.PYTORCH, 1),
            Devices.byId("reference"));
        Predictor predictor = model.newPredictor(3, 1)) {
      float[] rows = predictor.predict(x, 3, 1);
      for (int column = 0; column < 4; column++) {
        assertThat(rows[8 + 4 + column]).isEqualTo(Math.max(rows[column], rows[8 + column]));
      }
    }
  }

  @Test
  void anOutputMayHaveTheNameOfAnotherNode() {
    Network network = new Network(List.of(Network.Input.rows("x", 3)),
        List.of(Network.Node.of("a", Dense.of(3, 4), "x"),
            Network.Node.of("b", Dense.of(4, 2), "a")),
        List.of(new Network.Output("a", "b"), new Network.Output("c", "a")));
    assertThat(network.rows("a").width()).isEqualTo(2);
    assertThat(network.values().get("a")).isEqualTo(network.rows("c"));
    assertThat(network.lower().program().toString()).contains("a[T*B,2]", "c[T*B,4]");
  }

  @Test
  void manyNodesTakeNoLongerThanTheyMust() {
    List<Network.Node> nodes = new ArrayList<>();
    for (int i = 0; i < 3000; i++) {
      nodes.add(Network.Node.of("n" + i, Softmax.of(2), i == 0 ? "x" : "n" + (i - 1)));
    }
    assertTimeout(Duration.ofSeconds(20),
        () -> Network.of(List.of(Network.Input.rows("x", 2)), nodes, "n2999").lower());
  }

  @Test
  void aListIsToldFromAGraph() {
    Network list = Network.of(Embedding.of(5, 4), Gru.of(4, 3));
    assertThat(list.isList()).isTrue();
    assertThat(new Network(list.inputs(), list.nodes(), list.outputs()).isList()).isTrue();
    assertThat(new Network(list.inputs(), list.nodes(), List.of(Network.Output.of("1"))).isList()).isFalse();
    assertThat(
        Network.of(List.of(Network.Input.row("input", 3)), List.of(Network.Node.of("0", Dense.of(3, 1), "input")),
            "0").isList())
        .isFalse();
  }

  @Test
  void refusesNoLayers() {
    assertThatIllegalArgumentException().isThrownBy(Network::of).withMessageContaining("at least one");
  }

  @Test
  void refusesAnEmbeddingBehindAnotherLayer() {
    assertThatIllegalArgumentException().isThrownBy(() -> Network.of(Dense.of(3, 1), Embedding.of(5, 4)))
        .withMessageContainingAll("Node 1", "looks up indices", "0 gives it floats");
  }

  @Test
  void refusesARecurrentLayerBehindALastStep() {
    assertThatIllegalArgumentException().isThrownBy(() -> Network.of(Rnn.of(3, 4), LastStep.of(4), Gru.of(4, 4)))
        .withMessageContainingAll("Node 2", "a row a step", "1 gives one row a sequence");
  }

  @Test
  void refusesAFinalStateWithoutARecurrentLayerJustBeforeIt() {
    assertThatIllegalArgumentException().isThrownBy(() -> Network.of(Dense.of(3, 4), FinalState.of(4)))
        .withMessageContainingAll("Node 1", "0 is none");
    assertThatIllegalArgumentException().isThrownBy(() -> Network.of(FinalState.of(4)));
    assertThat(Network.of(Gru.of(3, 4), FinalState.of(4)).returnsSequence()).isFalse();
  }

  @Test
  void refusesSizesThatAreNotPositiveOrOverflow() {
    assertThatIllegalArgumentException().isThrownBy(() -> Lstm.of(0, 4)).withMessageContaining("0 inputs");
    assertThatIllegalArgumentException().isThrownBy(() -> Gru.of(4, -1)).withMessageContaining("-1 hidden units");
    assertThatIllegalArgumentException().isThrownBy(() -> Lstm.of(4, 1 << 30))
        .withMessageContaining("Make it narrower");
    assertThatIllegalArgumentException().isThrownBy(() -> Lstm.of(4, 4).projection(-2)).withMessageContaining("-2");
    assertThatIllegalArgumentException().isThrownBy(() -> Rnn.of(4, 4).clip(Float.NaN)).withMessageContaining("NaN");
    assertThatIllegalArgumentException().isThrownBy(() -> Activation.Kind.ELU.of(Float.NaN))
        .withMessageContaining("finite");
  }

  @Test
  void anActivationHasNoConstantThatItsKindLacks() {
    assertThatIllegalArgumentException().isThrownBy(() -> new Activation(Activation.Kind.TANH, 5, 0))
        .withMessageContaining("TANH takes 0 constants");
    assertThatIllegalArgumentException().isThrownBy(() -> new Activation(Activation.Kind.ELU, 1, 2))
        .withMessageContaining("ELU takes 1 constants");
    assertThat(new Activation(Activation.Kind.TANH, -0f, 0)).isEqualTo(Activation.TANH);
    assertThat(new Activation(Activation.Kind.ELU, -0f, -0f)).isEqualTo(Activation.Kind.ELU.of(-0f));
  }

  @Test
  void refusesWeightsThatTheMachineHasNoRoomFor() {
    Network wide = Network.of(Dense.of(1 << 30, 1 << 30));
    assertThatIllegalArgumentException().isThrownBy(() -> Weights.seeded(wide, Initialisation.KERAS, 1))
        .withMessageContainingAll("0.weight[1073741824,1073741824]", "this machine has");
  }

  @Test
  void withersChangeOneThing() {
    Lstm plain = Lstm.of(3, 4);
    assertThat(plain.peephole().peepholes()).isTrue();
    assertThat(plain.peephole().coupledGates()).isFalse();
    assertThat(plain.coupled().gates()).isEqualTo(3);
    assertThat(plain.projection(2).bidirectional().outputs()).isEqualTo(4);
    assertThat(plain.directions(Directions.SUM).outputs()).isEqualTo(4);
    assertThat(plain.activations(Activation.RELU, Activation.RELU, Activation.RELU).reverseActivations().gate())
        .isEqualTo(Activation.RELU);
    assertThat(plain.withoutBias().bidirectional().clip(2)).isEqualTo(plain.clip(2).bidirectional().withoutBias());
  }

  @Test
  void listsItsTensorsInCanonicalOrder() {
    Network network = Network.of(Embedding.of(7, 4), Lstm.of(4, 5).projection(2).peephole().coupled(),
        Gru.of(2, 3).directions(Directions.REVERSE), Dense.of(3, 6));
    assertThat(network.tensors()).extracting(Tensor.Shape::toString).containsExactly("0.table[7,4]",
        "1.forward.input[15,4]", "1.forward.recurrent[15,2]", "1.forward.bias[1,15]", "1.forward.peephole[2,5]",
        "1.forward.projection[2,5]", "2.reverse.input[9,2]", "2.reverse.recurrent[9,3]", "2.reverse.bias[1,9]",
        "2.reverse.recurrent_bias[1,9]", "3.weight[6,3]", "3.bias[1,6]");
  }

  @Test
  void lowersAFinalStateToTheStatesOfItsDirections() {
    Network network = Network.of(Rnn.of(3, 2).bidirectional(), FinalState.of(4));
    assertThat(network.lower().program().toString()).endsWith("""
          5  output[B,0:2] = copy(0.forward.hidden[B,2])
          6  output[B,2:4] = copy(0.reverse.hidden[B,2])
        """);
  }

  @Test
  void lowersToAListing() {
    Network network = Network.of(Gru.of(3, 2).resetBefore(), LastStep.of(2), Dense.of(2, 4).softmax());
    assertThat(network.lower().program().toString()).isEqualTo(
        """
            program
              input     input[T*B,3]
              output    output[B,4]
              parameter 0.forward.input[6,3]
              parameter 0.forward.bias[1,6]
              parameter 0.forward.recurrent.rz[4,2]
              parameter 0.forward.recurrent.n[2,2]
              parameter 2.weight[4,2]
              parameter 2.bias[1,4]
              state     0.forward.hidden[B,2]
              scratch   0.forward.gates[T*B,6]
              scratch   0.forward.reset[B,2]
              scratch   0.output[T*B,2]
              scratch   1.output[B,2]
              1  0.forward.gates[T*B,6] = gemm(input[T*B,3], 0.forward.input[6,3]) + 0.forward.bias[1,6]
              2  scan forward
                   0.forward.gates[T*B,0:4] += gemm(0.forward.hidden[B,2], 0.forward.recurrent.rz[4,2])
                   0.forward.reset[B,2] = gru_reset(0.forward.gates[T*B,0:2], 0.forward.hidden[B,2], sigmoid)
                   0.forward.gates[T*B,4:6] += gemm(0.forward.reset[B,2], 0.forward.recurrent.n[2,2])
                   0.forward.hidden[B,2], 0.output[T*B,2] = gru(0.forward.gates[T*B,6], 0.forward.hidden[B,2], sigmoid, tanh)
              3  1.output[B,2] = last_step(0.output[T*B,2])
              4  output[B,4] = gemm(1.output[B,2], 2.weight[4,2]) + 2.bias[1,4]
              5  output[B,4] = softmax(output[B,4])
            """);
  }
}
