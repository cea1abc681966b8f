package dev.carousel.oracle;

import static java.util.stream.Collectors.counting;
import static java.util.stream.Collectors.groupingBy;
import static org.assertj.core.api.Assertions.assertThat;

import ai.onnxruntime.OrtException;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** The reference against onnxruntime, on random nodes. The number before a case's name is its seed. */
final class OnnxRuntimeTest {
  private static final int CASES = 480;
  /** How many cases have to have a feature. */
  private static final long ENOUGH = 3;

  /** Where a state grows beyond this, the tolerance says little. */
  private static final double LARGEST = 100;

  private static Stream<NodeCase> cases() {
    return IntStream.range(0, CASES).mapToObj(NodeDraw::of);
  }

  @TestFactory
  Stream<DynamicTest> theReferenceAgreesWithOnnxruntime() {
    return cases().map(config -> DynamicTest.dynamicTest(config.toString(), () -> agrees(config)));
  }

  private static void agrees(NodeCase config) throws OrtException {
    OnnxNode node = NodeMaker.of(config);
    OnnxNetwork network = new OnnxNetwork(node);
    Run run = Run.of(network.network(), network.weights(), node.batch());
    Map<String, Block> expected = node.expected(OnnxRuntime.run(node));
    assertThat(run.results().keySet()).as(config.toString()).isEqualTo(expected.keySet());
    assertThat(largest(expected)).as("%s: magnitude of what is expected", config).isLessThan(LARGEST);
    Agreement.check(config.toString(), node.batch(), run, passedThrough(node.batch(), expected));
  }

  private static double largest(Map<String, Block> results) {
    return results.values().stream().flatMapToDouble(block -> DoubleStream.of(block.doubles())).map(Math::abs).max()
        .orElse(0);
  }

  /** A sequence of length 0 keeps its initial state; onnxruntime returns 0 for it. */
  private static Map<String, Block> passedThrough(Batch batch, Map<String, Block> expected) {
    Map<String, Block> corrected = new TreeMap<>(expected);
    batch.initial().forEach((name, initial) -> corrected.computeIfPresent(name, (_, state) -> {
      double[] rows = state.doubles(); // [batch][hidden]
      int width = state.size(1);
      for (int sequence = 0; sequence < batch.sequences(); sequence++) {
        if (batch.length(sequence) == 0) {
          System.arraycopy(initial.at(sequence).doubles(), 0, rows, sequence * width, width);
        }
      }
      return Block.of(rows, state.shape());
    }));
    return corrected;
  }

  @Test
  void everyFeatureIsInSomeCases() {
    Map<String, Long> found = cases().map(NodeCase::features).flatMap(features -> features.stream().distinct())
        .collect(groupingBy(feature -> feature, counting()));
    assertThat(NodeCase.allFeatures()).containsAll(found.keySet())
        .filteredOn(feature -> found.getOrDefault(feature, 0L) < ENOUGH).as("features of too few cases").isEmpty();
  }
}
