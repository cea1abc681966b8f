package dev.carousel.cli.devices;

import dev.carousel.spi.Device;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * A driver of OpenCL that is asked for its devices in a process of its own.
 *
 * @param file what names the driver to the loader, for people
 * @param name what the driver is called where it does not say so itself
 * @param folder the process' own, where the answer will stand
 * @param patience how many seconds the process waits for the driver
 */
record Question(String file, String name, Path folder, long patience, Process process) implements AutoCloseable {
  static final String PATIENCE = "carousel.opencl.patience"; // the back end's own property
  private static final long START = 5; // seconds; the back end gives up sooner and says more

  /** Asks the driver that a file names, by a folder of this file alone: every loader knows folders. */
  static Question to(Path file, Path folder, Map<String, String> environment, long patience) throws IOException {
    Path vendors = Files.createDirectory(folder.resolve("vendors"));
    Files.copy(file, vendors.resolve(file.getFileName()));
    Map<String, String> changed = new HashMap<>(environment);
    changed.remove("OPENCL_VENDOR_PATH");
    changed.put("OCL_ICD_VENDORS", vendors.toString());
    return start(file.toString(), file.getFileName().toString().replaceFirst("\\.icd$", ""), folder, changed,
        patience);
  }

  /** Asks whatever the loader finds. */
  static Question toAll(Path folder, Map<String, String> environment, long patience) throws IOException {
    return start("the loader", "loader", folder, environment, patience);
  }

  private static Question start(String file, String name, Path folder, Map<String, String> environment,
      long patience) throws IOException {
    List<String> line = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "--enable-native-access=ALL-UNNAMED", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xmx256m",
        "-XX:-UsePerfData", "-XX:-CreateCoredumpOnCrash", "-XX:ErrorFile=" + folder.resolve("crash.txt"),
        "-Djava.io.tmpdir=" + folder)); // JOCL extracts its library there, and another process may be doing so too
    System.getProperties().forEach((property, value) -> {
      if (property.toString().startsWith("carousel.")) {
        line.add("-D" + property + "=" + value);
      }
    });
    line.addAll(List.of("-D" + PATIENCE + "=" + patience, "-cp", System.getProperty("java.class.path"),
        DriverProcess.class.getName(),
        answer(folder).toString()));
    ProcessBuilder builder = new ProcessBuilder(line).redirectErrorStream(true)
        .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
        .redirectOutput(ProcessBuilder.Redirect.DISCARD);
    builder.environment().clear();
    builder.environment().putAll(environment);
    return new Question(file, name, folder, patience, builder.start());
  }

  /** How long the process is waited for. */
  static long nanos(long patience) {
    return TimeUnit.SECONDS.toNanos(patience + START);
  }

  private static Path answer(Path folder) {
    return folder.resolve("answer.json");
  }

  /** The devices; one that says why where the process does not answer by then. */
  List<Device> answer(long deadline) throws IOException, InterruptedException {
    if (!process.waitFor(deadline - System.nanoTime(), TimeUnit.NANOSECONDS)) {
      return problem("Its driver did not answer within " + patience + " s.");
    }
    if (Files.exists(answer(folder))) {
      return Answer.devices(Files.readString(answer(folder)));
    }
    return problem("Its driver crashed" + crash().map(" (%s)."::formatted).orElse("."));
  }

  private List<Device> problem(String reason) {
    return List.of(new Device(DeviceChoice.OPENCL + "/" + name, "the driver that " + file + " names", 0,
        Optional.of(reason + " Look whether clinfo gets an answer; if not, repair the driver or remove " + file
            + ".")));
  }

  /** What the JVM wrote down as it went, or the status that the process ended with. */
  private Optional<String> crash() throws IOException {
    Path report = folder.resolve("crash.txt");
    int status = process.exitValue();
    if (!Files.exists(report)) {
      return Optional.of(status > 128 ? "signal " + (status - 128) : "status " + status);
    }
    List<String> lines;
    try (var text = Files.lines(report, StandardCharsets.ISO_8859_1)) {
      lines = text.limit(40).toList();
    }
    Optional<String> signal = lines.stream().filter(line -> line.startsWith("#  SIG")).findFirst()
        .map(line -> line.replaceFirst("#  (\\w+) .*", "$1"));
    int frame = lines.indexOf("# Problematic frame:") + 1;
    Optional<String> library = frame == 0 ? Optional.empty()
        : Optional.of(lines.get(frame)).filter(line -> line.contains("["))
            .map(line -> line.replaceFirst(".*\\[(.*?)\\+0x.*", "$1"));
    return signal.map(name -> name + library.map(" in "::concat).orElse(""));
  }

  /** Ends the process, if it has not. */
  @Override
  public void close() {
    try {
      process.destroyForcibly().waitFor(START, TimeUnit.SECONDS); // or its folder could not be deleted
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
