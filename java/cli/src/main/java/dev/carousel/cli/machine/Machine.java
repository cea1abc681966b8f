package dev.carousel.cli.machine;

import dev.carousel.formats.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * A machine and the Java on it, in words.
 *
 * @param system its operating system, with version
 * @param processor its name, or the architecture where the system does not tell
 * @param processors how many the JVM may use
 * @param java name and version of the JVM
 */
public record Machine(String system, String architecture, String processor, int processors, String java) {

  /** This one. */
  public static Machine here() {
    String system = System.getProperty("os.name") + " " + System.getProperty("os.version");
    String name = line(Path.of("/etc/os-release"), "PRETTY_NAME=").replace("\"", "");
    String processor = line(Path.of("/proc/cpuinfo"), "model name");
    String architecture = System.getProperty("os.arch");
    return new Machine(name.isEmpty() ? system : name + ", " + system, architecture,
        processor.isEmpty() ? architecture : processor.replaceFirst("^\\s*:\\s*", ""),
        Runtime.getRuntime().availableProcessors(),
        System.getProperty("java.vm.name") + " " + System.getProperty("java.runtime.version"));
  }

  private static String line(Path file, String start) {
    try (Stream<String> lines = Files.lines(file)) {
      return lines.filter(line -> line.startsWith(start)).findFirst().map(line -> line.substring(start.length()))
          .orElse("");
    } catch (IOException | RuntimeException elsewhere) { // these files are Linux's
      return "";
    }
  }

  /** The same for machines: system, architecture, processor, processors, java. */
  public Json json() {
    return Json.object("system", system, "architecture", architecture, "processor", processor, "processors",
        processors, "java", java);
  }

  /** In a line. */
  @Override
  public String toString() {
    return String.format(Locale.ROOT, "%s, %d %s, %s, %s", processor, processors,
        processors == 1 ? "processor" : "processors", system, java);
  }
}
