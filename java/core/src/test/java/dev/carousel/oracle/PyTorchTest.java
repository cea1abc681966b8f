package dev.carousel.oracle;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** The reference against PyTorch's modules in double precision; pytorch/make_vectors.py wrote what they computed. */
final class PyTorchTest {
  private static List<TextVectors.Case> cases() throws IOException {
    return TextVectors.read("pytorch/vectors.txt");
  }

  @TestFactory
  Stream<DynamicTest> theReferenceComputesWhatPyTorchComputed() throws IOException {
    return cases().stream().map(vectors -> DynamicTest.dynamicTest(vectors.name(), () -> agrees(vectors)));
  }

  private static void agrees(TextVectors.Case vectors) {
    PyTorchModule module = new PyTorchModule(vectors);
    Batch batch = module.batch();
    Run run = Run.of(module.network(), module.weights(), batch);
    assertThat(run.results().keySet()).as(vectors.name()).isEqualTo(module.expected().keySet());
    Agreement.check(vectors.name(), batch, run, module.expected());
  }

  @Test
  void everyCaseOfTheScriptIsRead() throws IOException {
    assertThat(cases()).extracting(TextVectors.Case::name).hasSize(63).doesNotHaveDuplicates();
  }
}
