package dev.carousel.cpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.carousel.Devices;
import dev.carousel.spi.Device;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** How native code is found, in JVMs of their own, since a JVM loads it once. */
@ExtendWith(NativeCode.class)
final class LoadingTest {
  /** Lists the devices of the processor, and opens the one that is named. */
  static final class Lister {
    public static void main(String[] arguments) {
      for (Device device : new CpuProvider().devices()) {
        System.out.println(device.id() + ": " + device.unavailable().orElse("ready"));
      }
      if (arguments.length > 0) {
        Devices.open(Devices.byId(arguments[0])).close();
      }
    }
  }

  @TempDir
  private Path folder;

  private Process start(List<String> options, String... arguments) throws IOException {
    List<String> command = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "--enable-native-access=ALL-UNNAMED", "-Dcarousel.cache=" + folder, "-cp",
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"))));
    command.addAll(options);
    command.add(Lister.class.getName());
    command.addAll(List.of(arguments));
    return new ProcessBuilder(command).redirectErrorStream(true).start();
  }

  private static String output(Process process) throws IOException, InterruptedException {
    String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    return text;
  }

  private List<Path> libraries() throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      return files.filter(Files::isRegularFile).toList();
    }
  }

  @Test
  void twoProcessesAtOnceExtractOneWholeLibraryThatOnlyTheOwnerMayTouch() throws Exception {
    List<Process> processes = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      processes.add(start(List.of()));
    }
    for (Process process : processes) {
      assertThat(output(process)).contains("cpu/fused: ready");
    }
    assertThat(libraries()).hasSize(1);
    Path parent = libraries().getFirst().getParent();
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(parent))).isEqualTo("rwx------");
  }

  @Test
  void aDamagedLibraryIsReplacedAndAWholeOneIsNotWrittenAgain() throws Exception {
    assertThat(output(start(List.of()))).contains("cpu/fused: ready");
    Path library = libraries().getFirst();
    byte[] whole = Files.readAllBytes(library);
    Object time = Files.getLastModifiedTime(library);
    assertThat(output(start(List.of()))).contains("cpu/fused: ready");
    assertThat(Files.getLastModifiedTime(library)).isEqualTo(time);
    byte[] damaged = whole.clone();
    damaged[damaged.length / 2] ^= 1;
    Files.write(library, damaged);
    assertThat(output(start(List.of()))).contains("cpu/fused: ready");
    assertThat(Files.readAllBytes(library)).isEqualTo(whole);
  }

  @Test
  void aLibraryComesFromMemoryWhereTheCacheIsNotSafeOrCannotBe() throws Exception {
    assumeTrue(System.getProperty("os.name").equals("Linux"), "Files in memory are Linux'.");
    Path everybodys = Files.createDirectory(folder.resolve("everybody"));
    Files.setPosixFilePermissions(everybodys, PosixFilePermissions.fromString("rwxrwxrwx"));
    Path file = Files.createFile(folder.resolve("file"));
    for (Path cache : List.of(everybodys.resolve("mine"), file.resolve("mine"))) {
      assertThat(output(start(List.of("-Dcarousel.cache=" + cache), "cpu/openblas"))).contains("cpu/fused: ready")
          .doesNotContain("Exception");
    }
    assertThat(libraries()).containsExactly(file);
  }

  @Test
  void aLibraryThatIsNotThereMakesTheDevicesUnavailableWithAReason() throws Exception {
    assertThat(output(start(List.of("-Dcarousel.native.path=/nowhere/libcarousel.so"))))
        .contains("cpu/fused: /nowhere/libcarousel.so could not be loaded").contains("cpu/openblas: /nowhere");
    Path text = Files.writeString(folder.resolve("text.so"), "no library");
    assertThat(output(start(List.of("-Dcarousel.native.path=" + text)))).contains("cpu/fused: " + text);
  }

  @Test
  void anOpenBlasThatCannotBeLoadedIsRefusedWithAReasonWhenItIsOpened() throws Exception {
    assertThat(output(start(List.of("-Dcarousel.openblas.path=/nowhere/libopenblas.so"), "cpu/openblas")))
        .contains("Device cpu/openblas cannot be used: /nowhere/libopenblas.so could not be loaded");
  }
}
