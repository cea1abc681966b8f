package dev.carousel.cpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.carousel.Devices;
import dev.carousel.Initialisation;
import dev.carousel.Lstm;
import dev.carousel.Model;
import dev.carousel.Network;
import dev.carousel.Weights;
import dev.carousel.spi.CompileOptions;
import java.io.IOException;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** A fault on a thread of our own native code ends the JVM with its report, as a fault on a thread of Java's does. */
@ExtendWith(NativeCode.class)
final class WorkerFaultTest {
  private static final String TEAM = "team"; // a thread's name passes to the threads that it starts
  private static final int SIGSEGV = 11;

  /** Opens a model with a worker, and sends the worker what a fault of its own would raise. */
  static final class Victim {
    public static void main(String[] arguments) throws Throwable {
      Network network = Network.of(Lstm.of(4, 32));
      Thread.ofPlatform().name(TEAM)
          .start(() -> Model.compile(network, Weights.seeded(network, Initialisation.PYTORCH, 1),
              Devices.byId("cpu/fused"), new CompileOptions(2)))
          .join();
      int worker = Integer.parseInt(worker().getFileName().toString());
      Linker linker = Linker.nativeLinker();
      int _ = (int) linker
          .downcallHandle(linker.defaultLookup().findOrThrow("tgkill"),
              FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT,
                  ValueLayout.JAVA_INT))
          .invokeExact((int) ProcessHandle.current().pid(), worker, SIGSEGV);
      Thread.sleep(30_000);
    }

    private static Path worker() throws IOException {
      try (Stream<Path> threads = Files.list(Path.of("/proc/self/task"))) {
        return threads.filter(thread -> name(thread).equals(TEAM)).findFirst().orElseThrow();
      }
    }

    private static String name(Path thread) {
      try {
        return Files.readString(thread.resolve("comm")).strip();
      } catch (IOException ended) {
        return "";
      }
    }
  }

  @Test
  void leavesTheReportOfTheJvm(@TempDir Path folder) throws Exception {
    assumeTrue(Files.isDirectory(Path.of("/proc/self/task")), "Threads are found by Linux' /proc.");
    Path report = folder.resolve("report.log");
    Process process = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "--enable-native-access=ALL-UNNAMED", "-XX:ErrorFile=" + report, "-XX:-CreateCoredumpOnCrash", "-cp",
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")), Victim.class.getName())
        .redirectErrorStream(true).redirectOutput(folder.resolve("said").toFile()).start();
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    List<String> lines = Files.exists(report) ? Files.readAllLines(report) : Files.readAllLines(folder.resolve("said"));
    assertThat(lines).anyMatch(line -> line.contains("SIGSEGV"));
  }
}
