package dev.carousel.cpu.fused;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carousel.Dense;
import dev.carousel.Gru;
import dev.carousel.Layer;
import dev.carousel.Lstm;
import dev.carousel.Network;
import dev.carousel.Rnn;
import dev.carousel.cpu.NativeCode;
import dev.carousel.cpu.kernels.Context;
import dev.carousel.cpu.kernels.Parameters;
import dev.carousel.cpu.kernels.Tier;
import dev.carousel.spi.Activation;
import java.lang.foreign.Arena;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every cell that there is runs as one call a layer, and both directions of a layer in one. */
@ExtendWith(NativeCode.class)
final class FusionTest {
  static Stream<Layer> layers() {
    return Stream.of(Rnn.of(5, 6), Rnn.of(5, 6).activation(Activation.SOFTPLUS), Lstm.of(5, 6),
        Lstm.of(5, 6).peephole(), Lstm.of(5, 6).coupled().clip(3),
        Lstm.of(5, 6).projection(4), Gru.of(5, 6), Gru.of(5, 6).resetBefore(), Lstm.of(5, 6).withoutBias());
  }

  private static List<FusedPlan.Part> parts(Layer... layers) {
    try (Arena arena = Arena.ofShared()) {
      return FusedPlan.of(Network.of(layers).lower().program(),
          new Parameters(arena, new Context(arena,
              Tier.best().orElseThrow(), 1)))
          .parts();
    }
  }

  @ParameterizedTest
  @MethodSource("layers")
  void aLayerIsOneCall(Layer layer) {
    assertThat(parts(layer)).hasSize(1).allMatch(FusedPlan.Layers.class::isInstance);
  }

  @Test
  void directionsRunAtOnceAndHeadsByThemselves() {
    List<FusedPlan.Part> parts = parts(Lstm.of(5, 6).bidirectional(), Gru.of(12, 6).bidirectional(), Dense.of(12, 3));
    assertThat(parts).hasSize(3);
    assertThat(parts.subList(0, 2)).allMatch(part -> part instanceof FusedPlan.Layers layers
        && layers.scans().size() == 2);
    assertThat(parts.getLast()).isInstanceOf(FusedPlan.Single.class);
  }
}
