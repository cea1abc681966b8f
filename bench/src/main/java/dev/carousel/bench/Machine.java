package dev.carousel.bench;

import dev.carousel.formats.json.Json;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** What the race runs on, and how. */
final class Machine {
  private static final Path PROCESSORS = Path.of("/proc/cpuinfo");
  private static final Path MEMORY = Path.of("/proc/meminfo");
  private static final Pattern JAR = Pattern.compile("(.+?)-(\\d[0-9.]*(?:-M?\\d[0-9.]*)*)\\.jar");

  private Machine() {}

  /** The processor's name where Linux tells it; else the architecture. */
  static String processor() {
    return line(PROCESSORS, "model name").orElse(System.getProperty("os.arch"));
  }

  private static Optional<String> line(Path file, String start) {
    try (Stream<String> lines = Files.lines(file)) {
      return lines.filter(line -> line.startsWith(start)).findFirst()
          .map(line -> line.substring(line.indexOf(':') + 1).trim());
    } catch (IOException _) {
      return Optional.empty();
    }
  }

  /** Memory as Linux tells it, {@code 24689 MB}. */
  private static String memory() {
    return line(MEMORY, "MemTotal").map(kilobytes -> kilobytes.replaceAll("\\D", ""))
        .map(kilobytes -> Long.parseLong(kilobytes) / 1000 + " MB").orElse("unknown");
  }

  /** The versions of the libraries on the class path, by name; of natives' jars just the plain one counts. */
  static Map<String, String> libraries(String classPath) {
    Map<String, String> libraries = new TreeMap<>();
    for (String entry : classPath.split(File.pathSeparator, -1)) {
      Matcher jar = JAR.matcher(String.valueOf(Path.of(entry).getFileName()));
      if (jar.matches()) {
        libraries.put(jar.group(1), jar.group(2));
      }
    }
    return libraries;
  }

  /** All of it, with every measurement of the machine's peak. */
  static Json facts(Options options, List<Json> peaks) {
    return Json.object("date", LocalDate.now(ZoneId.systemDefault()).toString(), "processor", processor(), "processors",
        Runtime.getRuntime().availableProcessors(), "memory", memory(), "system",
        System.getProperty("os.name") + " " + System.getProperty("os.version"), "java",
        System.getProperty("java.runtime.version"), "forks", options.forks(), "seconds", options.seconds(),
        "libraries", libraries(System.getProperty("java.class.path")), "peaks", peaks);
  }

  /** A measurement before or after a process that timed this file's shapes. */
  static Json peak(String file, Peak peak) {
    return Json.object("file", file, "threads", peak.threads(), "gflops", peak.gigaflops(), "gigabytes",
        peak.gigabytes());
  }
}
