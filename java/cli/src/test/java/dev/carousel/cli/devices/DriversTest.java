package dev.carousel.cli.devices;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.carousel.spi.Device;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** What is listed where a driver takes its process down: native/test/broken_icd.c beside PoCL, by the real loader. */
@EnabledOnOs(value = OS.LINUX, disabledReason = "drivers are named by files only on Linux")
final class DriversTest {
  private static final Path POCL = Path.of("/etc/OpenCL/vendors/pocl.icd");
  private static final long PATIENCE = 2;

  @TempDir
  private Path folder;

  private List<Device> list(Map<String, String> changes) throws Exception {
    Map<String, String> environment = new HashMap<>(System.getenv());
    environment.keySet().removeIf(name -> name.startsWith("OCL_ICD_"));
    environment.putAll(changes);
    return new Drivers(environment, PATIENCE).devices();
  }

  private Path vendors() throws IOException {
    assumeTrue(Files.exists(POCL), () -> "There is no " + POCL + ": install PoCL, Debian's pocl-opencl-icd.");
    Path vendors = Files.createDirectory(folder.resolve("vendors"));
    Files.copy(POCL, vendors.resolve("pocl.icd"));
    return vendors;
  }

  private List<Device> listBeside(String broken) throws Exception {
    Path vendors = vendors();
    Files.writeString(vendors.resolve("ill.icd"), compile().toString());
    return list(Map.of("OCL_ICD_VENDORS", vendors.toString(), "CAROUSEL_BROKEN_ICD", broken));
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

  private static Stream<String> lines(List<Device> devices) {
    return devices.stream().map(device -> device.id() + ": " + device.unavailable().orElse("ready"));
  }

  @Test
  void aDriverThatIsWellIsListedUnderItsOwnName() throws Exception {
    assertThat(lines(listBeside("not"))).containsExactlyInAnyOrder("opencl/pocl/0: ready", "opencl/broken/0: ready",
        "opencl/broken/1: ready");
  }

  @Test
  void aDriverThatCrashesCostsItsOwnLine() throws Exception {
    assertThat(lines(listBeside("driver-crashes"))).hasSize(2).contains("opencl/pocl/0: ready")
        .anyMatch(line -> line.startsWith("opencl/ill: Its driver crashed (SIGSEGV"));
  }

  @Test
  void aDriverThatEndsItsProcessCostsItsOwnLine() throws Exception {
    assertThat(lines(listBeside("driver-exits"))).hasSize(2).contains("opencl/pocl/0: ready")
        .anyMatch(line -> line.startsWith("opencl/ill: Its driver crashed (status 3)."));
  }

  @Test
  void aDriverThatHangsCostsItsOwnLine() throws Exception {
    assertThat(lines(listBeside("driver-hangs"))).hasSize(2).contains("opencl/pocl/0: ready")
        .anyMatch(line -> line.startsWith("opencl/ill: The loader of OpenCL did not answer within 2 s."));
  }

  @Test
  void aProcessThatStandsStillIsEnded() throws Exception {
    assertThat(lines(listBeside("driver-stops"))).hasSize(2).contains("opencl/pocl/0: ready")
        .anyMatch(line -> line.startsWith("opencl/ill: Its driver did not answer within 2 s."));
  }

  @Test
  void aFileThatNamesNoLibraryCostsItsOwnLine() throws Exception {
    Path vendors = vendors();
    Files.writeString(vendors.resolve("gone.icd"), "/nowhere/libgone.so\n");
    List<Device> devices = list(Map.of("OCL_ICD_VENDORS", vendors.toString()));
    assertThat(lines(devices)).hasSize(2).contains("opencl/pocl/0: ready")
        .anyMatch(line -> line.startsWith("opencl/gone: No platform is installed"));
    assertThat(devices).anyMatch(device -> device.description().contains(vendors.resolve("gone.icd").toString()));
  }

  @Test
  void twoPlatformsOfOneNameAreToldApart() throws Exception {
    Path vendors = vendors();
    Files.copy(POCL, vendors.resolve("again.icd"));
    assertThat(lines(list(Map.of("OCL_ICD_VENDORS", vendors.toString())))).containsExactlyInAnyOrder(
        "opencl/pocl/0: ready", "opencl/pocl-2/0: ready");
  }

  @Test
  void withoutAnyFileTheLoaderIsAskedForAll() throws Exception {
    assertThat(lines(list(Map.of("OCL_ICD_VENDORS", folder.toString())))).hasSize(1)
        .allMatch(line -> line.startsWith("opencl: No platform is installed"));
    Path single = vendors().resolve("pocl.icd");
    assertThat(lines(list(Map.of("OCL_ICD_VENDORS", single.toString())))).containsExactly("opencl/pocl/0: ready");
  }

  @Test
  void noLoaderIsOneLine() throws Exception {
    for (String name : List.of("libOpenCL.so", "libOpenCL.so.1")) {
      Files.writeString(folder.resolve(name), "no library"); // found first, and not loaded
    }
    Path vendors = Files.createDirectory(folder.resolve("vendors"));
    Files.writeString(vendors.resolve("one.icd"), "libone.so");
    Files.writeString(vendors.resolve("two.icd"), "libtwo.so");
    assertThat(lines(list(Map.of("LD_LIBRARY_PATH", folder.toString(), "OCL_ICD_VENDORS", vendors.toString()))))
        .hasSize(1).allMatch(line -> line.startsWith("opencl: The loader of OpenCL could not be loaded ("));
  }

  @Test
  void theDriversLeaveNothingBehind() throws Exception {
    Path temporary = Path.of(System.getProperty("java.io.tmpdir"));
    list(Map.of("OCL_ICD_VENDORS", folder.toString()));
    try (Stream<Path> left = Files.list(temporary)) {
      assertThat(left.filter(path -> path.getFileName().toString().startsWith("carousel-devices"))
          .filter(path -> path.toFile().lastModified() > System.currentTimeMillis() - 60_000)).isEmpty();
    }
  }
}
