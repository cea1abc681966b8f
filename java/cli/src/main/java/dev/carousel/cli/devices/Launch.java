package dev.carousel.cli.devices;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The start of the command once more, in a process in which a device's driver is alone. */
public interface Launch {
  /**
   * A process of these arguments of the command, not started yet.
   *
   * @param folder of the process' own, deleted afterwards
   */
  ProcessBuilder process(Place place, List<String> arguments, Path folder) throws IOException;

  /** The command as this JVM was started, by its main class. */
  static Launch of(Class<?> main) {
    return (place, arguments, folder) -> {
      List<String> line = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
          "--enable-native-access=ALL-UNNAMED", "-XX:-CreateCoredumpOnCrash", "-XX:ErrorFile="
              + Path.of(System.getProperty("java.io.tmpdir"), "carousel-crash-%p.log"),
          "-Djava.io.tmpdir=" + folder));
      System.getProperties().forEach((property, value) -> {
        if (property.toString().startsWith("carousel.")) {
          line.add("-D" + property + "=" + value);
        }
      });
      line.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
      line.addAll(arguments);
      ProcessBuilder builder = new ProcessBuilder(line);
      if (place.driver().isPresent()) {
        Path file = place.driver().get();
        Path vendors = Files.createDirectory(folder.resolve("vendors")); // every loader knows folders, and not all files
        Files.copy(file, vendors.resolve(file.getFileName()));
        builder.environment().remove("OPENCL_VENDOR_PATH");
        builder.environment().put("OCL_ICD_VENDORS", vendors.toString());
      }
      return builder;
    };
  }
}
