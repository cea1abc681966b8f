package dev.carousel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class WeightsTest {
  private static final int HIDDEN = 16;
  private static final Network NETWORK = Network.of(Embedding.of(50, 8), Lstm.of(8, HIDDEN).peephole(),
      Gru.of(HIDDEN, HIDDEN), Dense.of(HIDDEN, 4));

  @Test
  void namedNodesAreSeededUnderTheirNames() {
    Network network = Network.of(List.of(Network.Input.rows("x", 3)),
        List.of(Network.Node.of("first", Dense.of(3, 4), "x"),
            Network.Node.of("norm", LayerNorm.of(4), "first")),
        "norm");
    assertThat(Weights.seeded(network, Initialisation.KERAS, 1).names()).containsExactly("first.weight", "first.bias",
        "norm.scale", "norm.shift");
  }

  @Test
  void aSeedGivesTheSameWeightsAndAnotherSeedOthers() {
    for (Initialisation rule : Initialisation.values()) {
      Weights first = Weights.seeded(NETWORK, rule, 7);
      assertThat(values(first.tensor("1.forward.input")))
          .isEqualTo(values(Weights.seeded(NETWORK, rule, 7).tensor("1.forward.input")))
          .isNotEqualTo(values(Weights.seeded(NETWORK, rule, 8).tensor("1.forward.input")));
    }
  }

  @Test
  void theForgetGateStartsOpenAndOnlyThat() {
    for (Initialisation rule : Initialisation.values()) {
      float[] bias = values(Weights.seeded(NETWORK, rule, 1).tensor("1.forward.bias"));
      for (int i = 0; i < bias.length; i++) {
        if (i / HIDDEN == 1) {
          assertThat(bias[i]).isEqualTo(1);
        } else {
          assertThat(Math.abs(bias[i])).isLessThanOrEqualTo(rule == Initialisation.KERAS ? 0 : 0.5f);
        }
      }
    }
  }

  @Test
  void pytorchsRuleIsUniformWithinTheRootOfTheHiddenUnits() {
    Weights weights = Weights.seeded(NETWORK, Initialisation.PYTORCH, 3);
    for (String name : new String[]{"1.forward.input", "1.forward.recurrent", "2.forward.recurrent_bias", "3.weight"}) {
      float[] values = values(weights.tensor(name));
      double largest = 0;
      for (float value : values) {
        largest = Math.max(largest, Math.abs(value));
      }
      assertThat(largest).as(name).isLessThanOrEqualTo(0.25).isGreaterThan(0.2);
    }
  }

  @Test
  void kerasRuleMakesRecurrentWeightsOrthogonalAndInputsGlorot() {
    Weights weights = Weights.seeded(NETWORK, Initialisation.KERAS, 3);
    Tensor recurrent = weights.tensor("1.forward.recurrent");
    for (int left = 0; left < HIDDEN; left++) {
      for (int right = 0; right < HIDDEN; right++) {
        double sum = 0;
        for (int row = 0; row < recurrent.rows(); row++) {
          sum += (double) recurrent.get(row, left) * recurrent.get(row, right);
        }
        assertThat(sum).isCloseTo(left == right ? 1 : 0, within(1e-6));
      }
    }
    double bound = Math.sqrt(6.0 / (8 + 4 * HIDDEN));
    for (float value : values(weights.tensor("1.forward.input"))) {
      assertThat((double) Math.abs(value)).isLessThanOrEqualTo(bound);
    }
  }

  @Test
  void saysWhatIsMissingSuperfluousAndOfTheWrongShape() {
    Network network = Network.of(Dense.of(3, 2), Dense.of(2, 2));
    Map<String, Tensor> tensors = new HashMap<>();
    tensors.put("0.weight", Tensor.of(3, 2, new float[6]));
    tensors.put("0.bias", Tensor.of(1, 2, 0, 0));
    tensors.put("1.weight", Tensor.of(2, 2, new float[4]));
    tensors.put("2.weight", Tensor.of(2, 2, new float[4]));
    Weights weights = Weights.of(tensors);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Model.compile(network, weights, Devices.byId("reference")))
        .withMessageContainingAll("0.weight[2,3] is needed and [3,2] was given", "1.bias[1,2] is missing",
            "2.weight is not used", "Network.tensors()");
  }

  @Test
  void aTensorHoldsJustItsValuesAndKeepsACopy() {
    assertThatIllegalArgumentException().isThrownBy(() -> Tensor.of(2, 3, 1, 2))
        .withMessageContaining("takes 6 values");
    assertThatIllegalArgumentException().isThrownBy(() -> Tensor.of(1 << 20, 1 << 20, 1))
        .withMessageContaining("1 were");
    assertThatIllegalArgumentException().isThrownBy(() -> Tensor.of(0, 3)).withMessageContaining("at least 1");
    float[] values = {1, 2};
    Tensor tensor = Tensor.of(1, 2, values);
    values[0] = 9;
    assertThat(tensor.get(0, 0)).isEqualTo(1);
  }

  private static float[] values(Tensor tensor) {
    float[] values = new float[tensor.rows() * tensor.columns()];
    for (int i = 0; i < values.length; i++) {
      values[i] = tensor.get(i / tensor.columns(), i % tensor.columns());
    }
    return values;
  }
}
