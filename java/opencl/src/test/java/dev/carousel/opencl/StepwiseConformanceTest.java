package dev.carousel.opencl;

import dev.carousel.conformance.junit.BackendConformance;
import dev.carousel.opencl.device.Profile;
import dev.carousel.opencl.driver.OpenClDevice.Kind;
import dev.carousel.spi.BackendProvider;
import dev.carousel.spi.Device;

/** The suite where no layer runs as a whole, on narrower vectors and smaller tiles than suit the processor. */
final class StepwiseConformanceTest extends BackendConformance {
  @Override
  protected BackendProvider provider() {
    return new ProfiledProvider("stepwise", _ -> new Profile(Kind.CPU, 8, 3, true, 0, 4, 1, 1, false));
  }

  @Override
  protected int graphsForOne(Device device) {
    return 10;
  }
}
