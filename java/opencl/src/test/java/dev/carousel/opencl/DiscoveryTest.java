package dev.carousel.opencl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.carousel.spi.Device;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/**
 * What is listed where a driver is broken, beside one that is well: native/test/broken_icd.c beside PoCL. Each list is
 * made in a JVM of its own, since a loader of OpenCL reads its environment once.
 */
@EnabledOnOs(value = OS.LINUX, disabledReason = "drivers are named by files only on Linux")
final class DiscoveryTest {
  private static final Path POCL = Path.of("/etc/OpenCL/vendors/pocl.icd");
  private static final String READY = "opencl/pocl/0: ready";
  private static final String BROKEN = "opencl/broken: ";
  private static final String ILL = "opencl/broken/0: ";
  private static final String WELL = "opencl/broken/1: ready";

  /** Lists the devices twice: the second look must find what the first found. */
  static final class Lister {
    public static void main(String[] arguments) {
      for (int i = 0; i < 2; i++) {
        for (Device device : new OpenClProvider().devices()) {
          System.out.println(device.id() + ": " + device.unavailable().orElse("ready"));
        }
      }
    }
  }

  @TempDir
  private Path folder;

  /** The lines that are printed, by a JVM that ends in time. */
  private List<String> list(Map<String, String> environment) throws Exception {
    File output = folder.resolve("output.txt").toFile();
    ProcessBuilder builder = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "--enable-native-access=ALL-UNNAMED", "-Dcarousel.opencl.patience=2", "-cp",
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")), Lister.class.getName());
    builder.environment().keySet().removeIf(name -> name.startsWith("OCL_ICD_"));
    builder.environment().putAll(environment);
    Process process = builder.redirectErrorStream(true).redirectOutput(output).start();
    try {
      assertThat(process.waitFor(60, TimeUnit.SECONDS)).as("the JVM ends").isTrue();
    } finally {
      process.destroyForcibly();
    }
    return Files.readAllLines(output.toPath());
  }

  /** The lines where PoCL stands beside a driver that is broken in a way. */
  private List<String> listBeside(String broken) throws Exception {
    return list(Map.of("OCL_ICD_VENDORS", vendors().toString(), "CAROUSEL_BROKEN_ICD", broken));
  }

  private Path vendors() throws IOException, InterruptedException {
    assumeTrue(Files.exists(POCL), () -> "There is no " + POCL + ": install PoCL, Debian's pocl-opencl-icd.");
    Path vendors = Files.createDirectory(folder.resolve("vendors"));
    Files.copy(POCL, vendors.resolve("pocl.icd"));
    Files.writeString(vendors.resolve("broken.icd"), compile().toString());
    return vendors;
  }

  private Path compile() throws IOException, InterruptedException {
    assumeTrue(Arrays.stream(System.getenv("PATH").split(File.pathSeparator, -1))
        .anyMatch(place -> Files.isExecutable(Path.of(place, "cc"))), "There is no C compiler named cc on the path.");
    Path root = Path.of(Objects.requireNonNull(System.getProperty("carousel.root"), "carousel.root, the checkout"));
    Path library = folder.resolve("broken_icd.so");
    Process cc = new ProcessBuilder("cc", "-shared", "-fPIC", "-Wall", "-Wextra", "-Wconversion", "-Werror", "-o",
        library.toString(), root.resolve("native/test/broken_icd.c").toString()).inheritIO().start();
    assertThat(cc.waitFor()).as("broken_icd.c compiles").isZero();
    return library;
  }

  /** Twice the same, and PoCL among it whatever the other driver does. */
  private static void assertListed(List<String> found, String... expected) {
    int half = found.size() / 2;
    assertThat(found.subList(0, half)).as("%s", found).isEqualTo(found.subList(half, found.size())).contains(READY);
    assertThat(found).hasSize(2 * (expected.length + 1));
    for (String words : expected) {
      assertThat(found).anyMatch(line -> line.contains(words));
    }
  }

  @Test
  void aDriverThatIsNotBrokenIsListedWithItsDevices() throws Exception {
    assertListed(listBeside("not"), ILL + "ready", WELL);
  }

  @Test
  void aPlatformThatFailsCostsItsOwnLine() throws Exception {
    assertListed(listBeside("platform-fails"), BROKEN + "Its driver failed: clGetDeviceIDs failed with "
        + "CL_OUT_OF_HOST_MEMORY (-6).");
  }

  @Test
  void aPlatformThatHangsIsGivenUp() throws Exception {
    assertListed(listBeside("platform-hangs"), BROKEN + "Its driver did not answer within 2 s.");
  }

  @Test
  void aPlatformWithoutDevicesSaysSo() throws Exception {
    assertListed(listBeside("no-device"), BROKEN + "This platform has no device on this machine.");
  }

  @Test
  void aPlatformWithoutANameHasAnIdAllTheSame() throws Exception {
    assertListed(listBeside("empty-name"), "opencl/unnamed/0: ready", "opencl/unnamed/1: ready");
  }

  @Test
  void aPlatformThatCannotSayItsNameCostsItsOwnLine() throws Exception {
    assertListed(listBeside("no-name"), "opencl/unnamed: Its driver failed: clGetPlatformInfo failed");
  }

  @Test
  void aDeviceThatFailsCostsItsOwnLine() throws Exception {
    assertListed(listBeside("device-fails"), ILL + "Its driver failed: clGetDeviceInfo failed with "
        + "CL_OUT_OF_RESOURCES (-5).", WELL);
  }

  @Test
  void aDeviceThatHangsIsGivenUp() throws Exception {
    assertListed(listBeside("device-hangs"), ILL + "Its driver did not answer within 2 s.", WELL);
  }

  @Test
  void anAnswerThatIsTooLongIsNotBelieved() throws Exception {
    assertListed(listBeside("device-lies"), ILL + "Its driver failed: clGetDeviceInfo gave an answer of ", WELL);
  }

  @Test
  void aDeviceThatCannotBeUsedSaysWhy() throws Exception {
    assertListed(listBeside("unavailable"), ILL + "Its driver says that it is not available.", WELL);
  }

  @Test
  void aDeviceWithoutACompilerSaysWhy() throws Exception {
    assertListed(listBeside("no-compiler"), ILL + "Its driver has no compiler", WELL);
  }

  @Test
  void aBigEndianDeviceSaysWhy() throws Exception {
    assertListed(listBeside("big-endian"), ILL + "It stores numbers big-endian", WELL);
  }

  @Test
  void aLoaderThatHangsIsGivenUp() throws Exception {
    assertThat(listBeside("driver-hangs")).hasSize(2)
        .allMatch(line -> line.startsWith("opencl: The loader of OpenCL did not answer within 2 s."));
  }

  @Test
  void noPlatformIsADeviceThatSaysWhatToInstall() throws Exception {
    assumeTrue(Files.exists(POCL), () -> "There is no " + POCL + ": install PoCL, Debian's pocl-opencl-icd.");
    assertThat(list(Map.of("OCL_ICD_VENDORS", folder.toString()))).hasSize(2)
        .allMatch(line -> line.startsWith("opencl: No platform is installed (clGetPlatformIDs gave "
            + "CL_PLATFORM_NOT_FOUND_KHR). Install a device's driver"));
  }

  @Test
  void noLoaderIsADeviceThatSaysWhatToInstall() throws Exception {
    for (String name : List.of("libOpenCL.so", "libOpenCL.so.1")) {
      Files.writeString(folder.resolve(name), "no library"); // found first, and not loaded
    }
    List<String> found = list(Map.of("LD_LIBRARY_PATH", folder.toString()));
    assertThat(found).filteredOn(line -> line.startsWith("opencl")).hasSize(2)
        .allMatch(line -> line.startsWith("opencl: The loader of OpenCL could not be loaded (")
            && line.contains("Implementation library could not be loaded") && line.contains("Install one"));
  }
}
