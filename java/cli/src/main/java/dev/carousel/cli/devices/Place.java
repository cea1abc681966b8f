package dev.carousel.cli.devices;

import dev.carousel.spi.Device;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A device, and where it can be used.
 *
 * @param own whether that is a process of its own, in which its driver may crash
 * @param there its id where its driver is alone
 * @param driver the file that names the driver to OpenCL's loader, where there is one
 */
public record Place(Device device, boolean own, String there, Optional<Path> driver) {
  /** A device that is used in this process. */
  public static Place here(Device device) {
    return new Place(device, false, device.id(), Optional.empty());
  }
}
