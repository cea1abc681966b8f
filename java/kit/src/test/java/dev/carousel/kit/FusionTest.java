package dev.carousel.kit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carousel.Dense;
import dev.carousel.Gru;
import dev.carousel.Layer;
import dev.carousel.Lstm;
import dev.carousel.Network;
import dev.carousel.Rnn;
import dev.carousel.kit.Fusion.Layers;
import dev.carousel.kit.Fusion.Part;
import dev.carousel.kit.Fusion.Single;
import dev.carousel.spi.form.Activation;
import dev.carousel.spi.form.GateGemm;
import dev.carousel.spi.form.Mapping;
import dev.carousel.spi.form.Program;
import dev.carousel.spi.form.Slot;
import dev.carousel.spi.form.Step;
import dev.carousel.spi.form.View;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every cell that there is becomes one layer, and both directions of a layer one part. */
final class FusionTest {
  static Stream<Layer> layers() {
    return Stream.of(Rnn.of(5, 6), Rnn.of(5, 6).activation(Activation.SOFTPLUS), Lstm.of(5, 6),
        Lstm.of(5, 6).peephole(), Lstm.of(5, 6).coupled().clip(3),
        Lstm.of(5, 6).projection(4), Gru.of(5, 6), Gru.of(5, 6).resetBefore(), Lstm.of(5, 6).withoutBias());
  }

  private static List<Part> parts(Layer... layers) {
    return Fusion.of(Network.of(layers).lower().program()).parts();
  }

  /** How many layers run at the same time, part after part; 0 is a single step. */
  private static List<Integer> sizes(List<Part> parts) {
    return parts.stream().map(part -> switch (part) {
      case Layers(List<FusedLayer> layers) -> layers.size();
      case Single _ -> 0;
    }).toList();
  }

  @ParameterizedTest
  @MethodSource("layers")
  void aLayerIsOnePart(Layer layer) {
    assertThat(sizes(parts(layer))).containsExactly(1);
  }

  @Test
  void directionsRunAtOnceAndHeadsByThemselves() {
    assertThat(sizes(parts(Lstm.of(5, 6).bidirectional(), Gru.of(12, 6).bidirectional(), Dense.of(12, 3))))
        .containsExactly(2, 2, 0);
  }

  @Test
  void layersThatFeedEachOtherRunInTurn() {
    assertThat(sizes(parts(Lstm.of(5, 6), Gru.of(6, 6)))).containsExactly(1, 1);
  }

  @ParameterizedTest
  @MethodSource("layers")
  void aLayerWhoseGatesAreReadElsewhereStaysAsItStands(Layer layer) {
    List<Step> steps = new ArrayList<>(Network.of(layer).lower().program().forward());
    View gates = ((GateGemm) steps.getFirst()).out();
    steps.add(new Mapping.Copy(gates, Slot.steps(Slot.Role.OUTPUT, "copy", gates.columns()).view()));
    assertThat(Fusion.of(Program.of(steps)).parts()).isEqualTo(steps.stream().map(Single::new).toList());
  }
}
