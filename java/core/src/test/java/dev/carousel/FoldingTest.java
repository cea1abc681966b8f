package dev.carousel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carousel.Network.Input;
import dev.carousel.Network.Node;
import dev.carousel.spi.Backend;
import dev.carousel.spi.CompileOptions;
import dev.carousel.spi.Executable;
import dev.carousel.spi.Session;
import dev.carousel.spi.form.Activation;
import dev.carousel.spi.form.Mapping;
import dev.carousel.spi.form.Slot;
import dev.carousel.spi.form.Window;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What is worked into weights is the same as what it was worked from, but for roundings. */
final class FoldingTest {
  private static final int WIDTH = 6;
  private static final int STEPS = 7;
  private static final Offset<Float> ROUNDING = Offset.offset(1e-5f);
  private static final int[] LENGTHS = {7, 5, 0, 6};

  /** Scales and shifts that may stand at either side of a product. */
  private static Map<String, Layer> affine() {
    Map<String, Layer> layers = new LinkedHashMap<>();
    layers.put("scale and shift", Scale.of(WIDTH));
    layers.put("scale", Scale.of(WIDTH).withoutShift());
    layers.put("shift", Scale.of(WIDTH).withoutScale());
    layers.put("affine", Elementwise.of(WIDTH, Activation.Kind.AFFINE.of(-0.5f, 0.25f)));
    layers.put("affine without shift", Elementwise.of(WIDTH, Activation.Kind.AFFINE.of(2, 0)));
    return layers;
  }

  /** Layers with products in them, each as wide as it is read. */
  private static List<Layer> products() {
    List<Layer> layers = new ArrayList<>();
    Dense dense = Dense.of(WIDTH, WIDTH);
    layers.addAll(List.of(dense, dense.withoutBias(), dense.activation(Activation.TANH), dense.softmax()));
    Conv conv = Conv.of(WIDTH, WIDTH, 3);
    for (int groups : new int[]{1, 2, 3, WIDTH}) {
      for (Conv one : List.of(conv, conv.padSame(), conv.causal(), conv.padSame().stride(2),
          conv.window(Window.of(3).padding(1, 0)), conv.withoutBias(), conv.padSame().withoutBias())) {
        layers.add(one.groups(groups));
      }
    }
    layers.add(conv.activation(Activation.RELU));
    for (Directions directions : List.of(Directions.REVERSE, Directions.SUM)) {
      Gru gru = Gru.of(WIDTH, WIDTH).directions(directions);
      Lstm lstm = Lstm.of(WIDTH, WIDTH).directions(directions);
      Rnn rnn = Rnn.of(WIDTH, WIDTH).directions(directions);
      layers.addAll(List.of(gru, gru.withoutBias(), gru.resetBefore(), gru.resetBefore().withoutBias(), lstm,
          lstm.withoutBias(), lstm.peephole(), lstm.coupled(), lstm.projection(WIDTH), rnn, rnn.withoutBias()));
    }
    return layers;
  }

  static Stream<Network> networks() {
    List<Network> networks = new ArrayList<>();
    for (Layer product : products()) {
      for (Layer one : affine().values()) {
        networks.add(Network.of(one, product));
        networks.add(Network.of(product, one));
        affine().values().forEach(other -> networks.add(Network.of(one, product, other)));
        networks.add(Network.of(one, one, product));
        networks.add(Network.of(product, one, product));
      }
    }
    networks.addAll(branched());
    return networks.stream();
  }

  /** Where what would be folded is read by several, or wanted as an output. */
  private static List<Network> branched() {
    List<Network> networks = new ArrayList<>();
    List<Input> rows = List.of(Input.rows("x", WIDTH));
    Node product = Node.of("product", Dense.of(WIDTH, WIDTH), "x");
    Node scale = Node.of("scale", Scale.of(WIDTH), "product");
    Node first = Node.of("first", Dense.of(WIDTH, 2), "scale");
    Node second = Node.of("second", Gru.of(WIDTH, 3), "scale");
    networks.add(Network.of(rows, List.of(product, scale, first, second), "first", "second"));
    networks.add(Network.of(rows, List.of(product, scale, first), "scale", "first"));
    networks.add(Network.of(rows, List.of(product, scale, first), "product", "first"));
    networks
        .add(Network.of(rows, List.of(product, scale, Node.of("sum", Merge.sum(WIDTH), "product", "scale")), "sum"));
    networks.add(Network.of(rows, List.of(product, scale, first,
        Node.of("gated", Merge.of(Mapping.Combine.Rule.MAXIMUM, WIDTH), "scale", "product")), "first", "gated"));
    networks.add(Network.of(rows, List.of(Node.of("scale", Scale.of(WIDTH), "x"), first, second,
        Node.of("conv", Conv.of(WIDTH, 4, 3).groups(2).padSame(), "scale")), "first", "second", "conv"));
    return networks;
  }

  @ParameterizedTest
  @MethodSource("networks")
  void theSmallerNetworkAgreesWithTheWhole(Network network) {
    Weights weights = weights(network);
    List<float[]> whole = run(network.lowerUnfolded(), weights);
    List<float[]> folded = run(network.lower(), weights);
    for (int output = 0; output < whole.size(); output++) {
      float[] expected = whole.get(output);
      for (int i = 0; i < expected.length; i++) {
        assertThat(folded.get(output)[i]).isCloseTo(expected[i], ROUNDING);
      }
    }
  }

  private static Weights weights(Network network) {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    for (Tensor.Shape shape : network.tensors()) {
      tensors.put(shape.name(),
          Tensor.of(shape.rows(), shape.columns(), floats(shape.name(), shape.rows() * shape.columns())));
    }
    return Weights.of(tensors);
  }

  private static float[] floats(String name, int count) {
    float[] values = new float[count];
    SplittableRandom random = new SplittableRandom(name.hashCode());
    for (int i = 0; i < count; i++) {
      values[i] = (float) (random.nextDouble() - 0.5);
    }
    return values;
  }

  private static List<float[]> run(Lowered lowered, Weights weights) {
    try (Backend reference = Devices.open(Devices.byId("reference"));
        Executable executable = reference.compile(lowered.program(), new CompileOptions(1),
            lowered.parameters(weights));
        Session session = executable.newSession(STEPS, LENGTHS.length)) {
      session.begin(STEPS, LENGTHS.length, LENGTHS);
      for (Slot input : lowered.program().slots(Slot.Role.INPUT)) {
        session.write(input, MemorySegment.ofArray(floats("input", STEPS * LENGTHS.length * WIDTH)));
      }
      session.forward();
      return lowered.network().outputs().stream().map(output -> {
        Slot slot = lowered.program().slots(Slot.Role.OUTPUT).stream()
            .filter(one -> one.name().equals(output.name())).findFirst().orElseThrow();
        MemorySegment target = MemorySegment.ofArray(new float[slot.rows(STEPS, LENGTHS.length) * slot.columns()]);
        session.read(slot, target);
        return target.toArray(ValueLayout.JAVA_FLOAT);
      }).toList();
    }
  }
}
