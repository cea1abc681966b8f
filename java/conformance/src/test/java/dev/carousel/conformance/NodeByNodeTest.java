package dev.carousel.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carousel.Devices;
import dev.carousel.FinalState;
import dev.carousel.Lowered;
import dev.carousel.Network;
import dev.carousel.Network.Input;
import dev.carousel.Network.Node;
import dev.carousel.Network.Rows;
import dev.carousel.Tensor;
import dev.carousel.Weights;
import dev.carousel.spi.Backend;
import dev.carousel.spi.CompileOptions;
import dev.carousel.spi.Executable;
import dev.carousel.spi.Session;
import dev.carousel.spi.form.Axis;
import dev.carousel.spi.form.Slot;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/**
 * A network gives what its nodes give one after the other, each a network of its own: where rows are put, what is worked
 * into what, and in which order things run must not be seen.
 */
final class NodeByNodeTest {
  private static final int DRAWN = 1000;
  private static final Shape SHAPE = new Shape(7, 5, new int[]{3, 7, 0, 5, 4});

  @Test
  void aWholeIsItsParts() {
    List<String> faults = new ArrayList<>();
    try (Backend reference = Devices.open(Devices.byId("reference"))) {
      for (int seed = 0; seed < DRAWN; seed++) {
        Network network = DrawnGraphs.of(seed);
        Finding found = compare(reference, network, seed);
        if (!found.right()) {
          faults.add(seed + ": " + found.fault() + "\n" + network + "\n" + network.lower().program());
        }
      }
    }
    assertThat(faults.stream().limit(1)).as("%d of %d differ", faults.size(), DRAWN).isEmpty();
  }

  private static Finding compare(Backend reference, Network network, int seed) {
    SplittableRandom random = new SplittableRandom(seed);
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    for (Tensor.Shape shape : network.tensors()) {
      tensors.put(shape.name(), Tensor.of(shape.rows(), shape.columns(),
          Call.floats(random.nextInt(), shape.rows() * shape.columns())));
    }
    Map<String, MemorySegment> values = new HashMap<>();
    for (Input input : network.inputs()) {
      int count = (input.perStep() ? SHAPE.steps() : 1) * SHAPE.batch() * input.width();
      values.put(input.name(), input.indices()
          ? MemorySegment.ofArray(Call.indices(random.nextInt(), count, 0, 1))
          : MemorySegment.ofArray(padded(input, Call.floats(random.nextInt(), count))));
    }
    Map<String, MemorySegment> whole = run(reference, network, tensors, values, SHAPE);
    for (Node node : network.nodes()) {
      values.putAll(alone(reference, network, node, tensors, values));
    }
    Tolerance tolerance = Tolerance.of(network.lower().program());
    return network.outputs().stream().map(output -> tolerance.compare(output.name() + " of " + output.from(),
        network.rows(output.from()).width(), floats(values, output.from()), floats(whole, output.name())))
        .reduce(Finding.nothing(), Finding::and);
  }

  /** With zeros beyond the ends of sequences, which is what an output has there. */
  private static float[] padded(Input input, float[] values) {
    for (int i = 0; i < values.length; i++) {
      int row = i / input.width();
      int length = SHAPE.length(row % SHAPE.batch());
      values[i] = length == 0 || (input.perStep() && row / SHAPE.batch() >= length) ? 0 : values[i];
    }
    return values;
  }

  private static float[] floats(Map<String, MemorySegment> values, String name) {
    return values.getOrDefault(name, MemorySegment.NULL).toArray(ValueLayout.JAVA_FLOAT);
  }

  /**
   * What a node gives; a final state with the layer that it is of, a look-up with what takes columns of indices. Steps that
   * it reads are a run's, whatever they count.
   */
  private static Map<String, MemorySegment> alone(Backend reference, Network network, Node node,
      Map<String, Tensor> tensors, Map<String, MemorySegment> values) {
    List<Node> nodes = new ArrayList<>();
    if (node.layer() instanceof FinalState || network.rows(node.reads().getFirst()).indices()) {
      nodes.addAll(network.nodes().stream().filter(other -> other.name().equals(node.reads().getFirst())).toList());
    }
    if (network.rows(node.name()).indices()) {
      return Map.of();
    }
    nodes.add(node);
    Set<String> reads = new LinkedHashSet<>(nodes.getFirst().reads());
    Axis axis = reads.stream().map(network::rows).filter(Rows::perStep).map(Rows::axis).findFirst().orElse(Axis.RUN);
    List<Input> inputs = reads.stream().map(name -> input(name, network.rows(name))).toList();
    Network one = new Network(inputs, nodes, List.of(new Network.Output(node.name() + "_out", node.name())));
    int[] lengths = IntStream.range(0, SHAPE.batch()).map(row -> axis.steps(SHAPE.length(row))).toArray();
    return Map.of(node.name(), run(reference, one, tensors, values,
        new Shape(axis.steps(SHAPE.steps()), SHAPE.batch(), lengths)).getOrDefault(node.name() + "_out",
            MemorySegment.NULL));
  }

  private static Input input(String name, Rows rows) {
    return new Input(name, rows.width(), rows.perStep(), rows.indices());
  }

  private static Map<String, MemorySegment> run(Backend reference, Network network, Map<String, Tensor> tensors,
      Map<String, MemorySegment> values, Shape shape) {
    Map<String, Tensor> own = new LinkedHashMap<>();
    network.tensors().forEach(tensor -> own.put(tensor.name(), tensors.getOrDefault(tensor.name(),
        Tensor.of(1, 1, 0))));
    Lowered lowered = network.lower();
    try (Executable executable = reference.compile(lowered.program(), new CompileOptions(1),
        lowered.parameters(Weights.of(own))); Session session = executable.newSession(shape.steps(), shape.batch())) {
      session.begin(shape.steps(), shape.batch(), shape.lengths());
      for (Slot input : lowered.program().slots(Slot.Role.INPUT)) {
        session.write(input, values.getOrDefault(input.name(), MemorySegment.NULL));
      }
      session.forward();
      Map<String, MemorySegment> outputs = new HashMap<>();
      for (Slot output : lowered.program().slots(Slot.Role.OUTPUT)) {
        MemorySegment target = MemorySegment
            .ofArray(new float[output.rows(shape.steps(), shape.batch()) * output.columns()]);
        session.read(output, target);
        outputs.put(output.name(), target);
      }
      return outputs;
    }
  }
}
