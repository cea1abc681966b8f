package dev.carousel.opencl;

import dev.carousel.conformance.junit.BackendConformance;
import dev.carousel.opencl.device.Profile;
import dev.carousel.opencl.driver.OpenClDevice.Kind;
import dev.carousel.spi.BackendProvider;
import dev.carousel.spi.Device;

/** The suite on the kernels for graphics cards, which a processor runs as well, if slowly. */
final class GpuKernelsConformanceTest extends BackendConformance {
  @Override
  protected BackendProvider provider() {
    return new ProfiledProvider("gpu",
        _ -> new Profile(Kind.GPU, 1, 4, true, 1 << 20, 0, 16, 4, false));
  }

  @Override
  protected int graphsForOne(Device device) {
    return 10;
  }
}
