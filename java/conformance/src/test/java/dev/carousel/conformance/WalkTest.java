package dev.carousel.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carousel.Devices;
import dev.carousel.spi.Backend;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class WalkTest {
  @Test
  void thereAreManyLongOnes() {
    List<Case> walks = Suite.all().stream().filter(one -> one.family() == Family.WALK).toList();
    assertThat(walks).hasSizeGreaterThanOrEqualTo(200);
    assertThat(WalkCases.drawn("walk_n0_0", 0).moves()).hasSizeGreaterThanOrEqualTo(20);
    assertThat(calls("walk_n0_0")).isEqualTo(calls("walk_n0_0")).isNotEqualTo(calls("walk_n0_1"));
  }

  private static List<String> calls(String name) {
    return WalkCases.drawn(name, 0).moves().stream().flatMap(List::stream).map(call -> call.statement("session"))
        .toList();
  }

  /** The program is run on a device whose answers are right, but for the last bits of the states that it begins with. */
  @Test
  void aFailedWalkEndsInAProgramThatShowsIt(@TempDir Path folder) throws IOException, InterruptedException {
    for (int[] drawn : new int[][]{{0, 0}, {7, 0}, {14, 1}}) {
      int network = drawn[0];
      Walk walk = WalkCases.drawn("walk_n" + network + "_" + drawn[1], network);
      Finding finding;
      try (Backend saboteur = new FloatBackend(Flaw.STALE_LENGTHS)) {
        finding = walk.on(saboteur);
      }
      assertThat(finding.fault()).contains("instead of", "Devices.byId(\"float/STALE_LENGTHS\")", walk.source());
      String program = finding.fault().substring(finding.fault().indexOf("\nimport "));
      Path source = Files.writeString(folder.resolve("Walk" + network + ".java"),
          program.replace("float/STALE_LENGTHS", "reference"));
      Path output = folder.resolve("output" + network);
      Process process = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-cp",
          System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")), source.toString())
          .redirectErrorStream(true).redirectOutput(output.toFile()).start();
      assertThat(process.waitFor()).as(Files.readString(output)).isZero();
      String off = "  off by at most ";
      assertThat(Files.readAllLines(output)).filteredOn(line -> line.startsWith(off)).hasSizeGreaterThan(1)
          .allSatisfy(line -> assertThat(Double.parseDouble(line.substring(off.length()))).isLessThan(1e-6));
    }
  }

  @Test
  void theReferenceWalksThemAll() {
    try (Backend reference = Devices.open(Devices.byId("reference"))) {
      assertThat(Suite.all().stream().filter(one -> one.family() == Family.WALK)
          .map(one -> one.run(reference, reference)).filter(outcome -> outcome.kind() != Outcome.Kind.PASS)).isEmpty();
    }
  }
}
