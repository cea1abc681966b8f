package dev.carousel.reference;

import dev.carousel.spi.Backend;
import dev.carousel.spi.BackendProvider;
import dev.carousel.spi.Device;
import java.util.List;
import java.util.Optional;

/** The provider of the one device {@code reference}. */
public final class ReferenceProvider implements BackendProvider {
  static final Device DEVICE = new Device("reference", "pure Java, sums in double", 0, Optional.empty());

  @Override
  public String name() {
    return DEVICE.id();
  }

  @Override
  public List<Device> devices() {
    return List.of(DEVICE);
  }

  @Override
  public Backend open(Device device) {
    return new ReferenceBackend();
  }
}
