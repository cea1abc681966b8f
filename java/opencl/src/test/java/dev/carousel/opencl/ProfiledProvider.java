package dev.carousel.opencl;

import dev.carousel.opencl.device.Profile;
import dev.carousel.opencl.driver.OpenClDevice;
import dev.carousel.opencl.driver.OpenClDevice.Kind;
import dev.carousel.opencl.driver.Platforms;
import dev.carousel.spi.Backend;
import dev.carousel.spi.BackendProvider;
import dev.carousel.spi.Device;
import java.util.List;
import java.util.function.UnaryOperator;

/** The processors among the OpenCL devices, used in another way than suits them: what is right has to stay right. */
record ProfiledProvider(String name, UnaryOperator<Profile> change) implements BackendProvider {
  private static List<OpenClDevice> processors() {
    return Platforms.find().stream().flatMap(found -> found.devices().stream())
        .filter(device -> device.kind() == Kind.CPU && !device.simulated()).toList();
  }

  @Override
  public List<Device> devices() {
    return processors().stream().map(device -> new Device(device.id() + "@" + name, name, 0, device.unavailable()))
        .toList();
  }

  @Override
  public Backend open(Device device) {
    OpenClDevice found = processors().stream().filter(one -> device.id().startsWith(one.id() + "@")).findFirst()
        .orElseThrow();
    return OpenClBackend.open(device, found, change.apply(Profile.of(found)));
  }
}
