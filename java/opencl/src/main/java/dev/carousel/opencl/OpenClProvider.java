package dev.carousel.opencl;

import dev.carousel.opencl.driver.OpenClDevice;
import dev.carousel.opencl.driver.Platforms;
import dev.carousel.spi.Backend;
import dev.carousel.spi.BackendProvider;
import dev.carousel.spi.Device;
import java.util.ArrayList;
import java.util.List;

/** The provider of {@code opencl/<platform>/<n>}: every device of every OpenCL platform of this machine. */
public final class OpenClProvider implements BackendProvider {
  /** For ServiceLoader. */
  public OpenClProvider() {}

  @Override
  public String name() {
    return "opencl";
  }

  @Override
  public List<Device> devices() {
    List<Device> devices = new ArrayList<>();
    for (Platforms.Found found : Platforms.find()) {
      found.problem().ifPresent(problem -> devices.add(new Device(found.id(), found.name(), 0, found.problem())));
      found.devices().forEach(device -> devices.add(describe(device)));
    }
    return devices;
  }

  /** Below the processor's own kernels: what is right for a machine is for its user to measure, and to name. */
  private static Device describe(OpenClDevice device) {
    int priority = device.simulated() ? 10 : device.kind() == OpenClDevice.Kind.GPU ? 40 : 30;
    return new Device(device.id(), device.description(), priority, device.unavailable());
  }

  @Override
  public Backend open(Device device) {
    return Platforms.find().stream().flatMap(found -> found.devices().stream())
        .filter(one -> one.id().equals(device.id())).findFirst().map(found -> OpenClBackend.open(device, found))
        .orElseThrow(() -> new IllegalArgumentException("Device " + device.id() + " is not there any more."));
  }
}
