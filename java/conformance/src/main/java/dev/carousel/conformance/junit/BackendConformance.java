package dev.carousel.conformance.junit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.abort;

import dev.carousel.Devices;
import dev.carousel.conformance.Case;
import dev.carousel.conformance.Coverage;
import dev.carousel.conformance.Family;
import dev.carousel.conformance.Outcome;
import dev.carousel.conformance.Suite;
import dev.carousel.conformance.Support;
import dev.carousel.spi.Backend;
import dev.carousel.spi.BackendProvider;
import dev.carousel.spi.Device;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestInstance;

/**
 * The conformance suite as tests of every device of a provider. A subclass names the provider and is done.
 *
 * <p>What a back end says it does not support is aborted with its sentence, and so is a device that cannot be used. With
 * {@code -Dcarousel.root=<checkout>} the outcomes are compared with {@code java/conformance/SUPPORT.md}, or written to it
 * with {@code -Dcarousel.support=write}.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
public abstract class BackendConformance {
  private final List<Backend> opened = new ArrayList<>();

  /** For subclasses. */
  protected BackendConformance() {}

  /** The provider whose devices are judged. */
  protected abstract BackendProvider provider();

  /** Of how many drawn networks one is tried on a device; all, unless it makes sessions slowly. */
  protected int graphsForOne(Device device) {
    return 1;
  }

  @TestFactory
  Stream<DynamicNode> devices() {
    Backend reference = open(Devices.open(Devices.byId("reference")));
    return provider().devices().stream().map(device -> device.available()
        ? device(device, reference)
        : DynamicTest.dynamicTest(device.id(), () -> abort(device.id() + ": " + device.unavailable().orElse(""))));
  }

  private DynamicNode device(Device device, Backend reference) {
    Backend backend = open(provider().open(device));
    List<Case> cases = Suite.selected();
    Map<Case, Outcome> outcomes = new LinkedHashMap<>();
    List<DynamicNode> nodes = new ArrayList<>();
    int every = graphsForOne(device);
    for (Family family : Family.values()) {
      List<Case> some = cases.stream().filter(one -> one.family() == family).toList();
      nodes.add(DynamicContainer.dynamicContainer(family.name(), IntStream.range(0, some.size())
          .filter(i -> family != Family.GRAPH || i % every == 0).mapToObj(some::get)
          .map(one -> DynamicTest.dynamicTest(one.path(), () -> judge(one, backend, reference, outcomes)))));
    }
    if (every > 1) {
      nodes.add(DynamicTest.dynamicTest("the other graphs",
          () -> abort(device.id() + " is slow: one drawn network of " + every + " is tried on it.")));
    }
    nodes.add(DynamicTest.dynamicTest("SUPPORT.md", () -> support(device, cases, outcomes)));
    return DynamicContainer.dynamicContainer(device.id(), nodes);
  }

  private static void judge(Case one, Backend backend, Backend reference, Map<Case, Outcome> outcomes) {
    Outcome outcome = one.run(backend, reference);
    outcomes.put(one, outcome);
    if (outcome.kind() == Outcome.Kind.UNSUPPORTED) {
      abort(outcome.message());
    }
    assertEquals("", outcome.message(), () -> one.path() + "\n" + one.program());
  }

  private static void support(Device device, List<Case> cases, Map<Case, Outcome> outcomes) throws IOException {
    String root = System.getProperty("carousel.root");
    if (root == null || cases.size() < Suite.all().size()) {
      abort("Compared only when all cases run and -Dcarousel.root names the checkout.");
    }
    Path file = Path.of(String.valueOf(root), "java", "conformance", "SUPPORT.md");
    assertEquals("", Support.difference(file, device.id(), Support.section(outcomes)));
  }

  @Test
  void everyFeatureHasACase() {
    Coverage coverage = Coverage.of(Suite.all());
    System.out.println(coverage);
    assertTrue(coverage.missing().isEmpty(), () -> "No case for " + coverage.missing());
  }

  private Backend open(Backend backend) {
    opened.add(backend);
    return backend;
  }

  @AfterAll
  void closeBackends() {
    opened.forEach(Backend::close);
  }
}
