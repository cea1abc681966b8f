package dev.carousel.opencl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.carousel.Devices;
import dev.carousel.conformance.Case;
import dev.carousel.conformance.Family;
import dev.carousel.conformance.Outcome;
import dev.carousel.conformance.Suite;
import dev.carousel.conformance.Support;
import dev.carousel.opencl.device.Profile;
import dev.carousel.opencl.driver.OpenClDevice;
import dev.carousel.opencl.driver.OpenClDevice.Kind;
import dev.carousel.opencl.driver.Platforms;
import dev.carousel.spi.Backend;
import dev.carousel.spi.Device;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The suite's small cases on Oclgrind, which simulates a device and reports every access outside a buffer and every data
 * race. It is not safe for threads, so the cases of sessions, which use several, are left out; it is slow, so layers are
 * small.
 */
final class OclgrindTest {
  private static final Path DRIVER = Path.of("/usr/lib/oclgrind/liboclgrind-rt-icd.so");
  private static final Set<Family> FAMILIES = Set.of(Family.OPERATION, Family.METAMORPHIC, Family.MEMORY);

  @TempDir
  private Path folder;

  /** Runs the cases on the kernels of one kind, in a JVM that has Oclgrind only. */
  static final class Runner {
    public static void main(String[] arguments) {
      OpenClDevice found = Platforms.find().getFirst().devices().getFirst();
      Profile profile = Kind.valueOf(arguments[0]) == Kind.GPU
          ? new Profile(Kind.GPU, 1, 4, true, 1 << 20, 0, 16, 4, false)
          : new Profile(Kind.CPU, 4, 3, true, 1 << 20, 4, 1, 1, false);
      try (Backend reference = Devices.open(Devices.byId("reference"));
          Backend backend = OpenClBackend.open(new Device(found.id(), "", 0, Optional.empty()), found, profile)) {
        List<Case> cases = Suite.all().stream().filter(Runner::small).toList();
        Map<Case, Outcome> outcomes = Support.run(cases, backend, reference);
        outcomes.forEach((one, outcome) -> {
          if (outcome.kind() != Outcome.Kind.PASS) {
            System.out.println(one.path() + ": " + outcome.message());
          }
        });
        System.out.print(Support.section(outcomes));
      }
    }

    private static boolean small(Case one) {
      return FAMILIES.contains(one.family()) ? !one.path().matches(".*_[hnm](16|17|33|64|100)(_.*|$)")
          : one.path().matches("layer/.*_h[17](_.*|$)");
    }
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void kernelsStayInTheirBuffersAndDoNotRace(Kind kind) throws IOException, InterruptedException {
    assumeTrue(Files.exists(DRIVER), "Oclgrind is not on this machine: " + DRIVER + " is missing.");
    Path reports = folder.resolve("reports");
    Path icd = Files.writeString(folder.resolve("oclgrind.icd"), DRIVER + "\n");
    ProcessBuilder builder = new ProcessBuilder(List.of(
        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "--enable-native-access=ALL-UNNAMED", "-Dcarousel.cache=" + folder, "-cp",
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")), Runner.class.getName(),
        kind.name()));
    builder.environment().put("OCL_ICD_VENDORS", icd.toString());
    builder.environment().put("OCLGRIND_DATA_RACES", "1");
    builder.environment().put("OCLGRIND_LOG", reports.toString());
    Path output = folder.resolve("output");
    Process process = builder.redirectErrorStream(true).redirectOutput(output.toFile()).start();
    if (!process.waitFor(10, TimeUnit.MINUTES)) {
      process.destroyForcibly();
    }
    String section = Files.readString(output);
    assertThat(section).as("cases that did not pass, and the table").startsWith("\n| family");
    assertThat(Files.readString(reports)).isEmpty();
    assertThat(process.exitValue()).isZero();
    Path support = Path.of(System.getProperty("carousel.root", ""), "java", "conformance", "SUPPORT.md");
    assertThat(Support.difference(support, "opencl/oclgrind/0@" + kind.name().toLowerCase(Locale.ROOT), section))
        .isEmpty();
  }
}
