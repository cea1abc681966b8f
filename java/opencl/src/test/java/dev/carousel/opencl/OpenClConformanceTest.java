package dev.carousel.opencl;

import dev.carousel.conformance.junit.BackendConformance;
import dev.carousel.spi.BackendProvider;
import dev.carousel.spi.Device;

/** The suite on every OpenCL device. */
final class OpenClConformanceTest extends BackendConformance {
  @Override
  protected BackendProvider provider() {
    return new OpenClProvider();
  }

  @Override
  protected int graphsForOne(Device device) {
    return device.id().startsWith("opencl/pocl") ? 1 : 50;
  }
}
