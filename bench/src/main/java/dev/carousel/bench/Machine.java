package dev.carousel.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** What the race runs on, in words. */
final class Machine {
  private static final Path PROCESSORS = Path.of("/proc/cpuinfo");

  private Machine() {}

  /** The processor's name where Linux tells it; else the architecture. */
  static String processor() {
    String architecture = System.getProperty("os.arch");
    try (Stream<String> lines = Files.lines(PROCESSORS)) {
      return lines.filter(line -> line.startsWith("model name")).findFirst()
          .map(line -> line.substring(line.indexOf(':') + 1).trim()).orElse(architecture);
    } catch (IOException unreadable) {
      return architecture;
    }
  }
}
