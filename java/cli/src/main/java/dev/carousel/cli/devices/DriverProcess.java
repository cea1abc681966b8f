package dev.carousel.cli.devices;

import dev.carousel.Devices;
import dev.carousel.formats.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** The process in which drivers of OpenCL are asked for their devices; what they say goes to the file that it is given. */
final class DriverProcess {
  private DriverProcess() {}

  /** Takes the file. */
  public static void main(String[] arguments) throws IOException {
    Path file = Path.of(arguments[0]);
    Path part = file.resolveSibling(file.getFileName() + ".part");
    Files.writeString(part, Json.of(Devices.list(DeviceChoice.OPENCL::equals).stream().map(Answer::json).toList())
        .compact());
    Files.move(part, file, StandardCopyOption.ATOMIC_MOVE);
    Runtime.getRuntime().halt(0); // threads that wait for a driver, or its own at the end, keep nobody
  }
}
