package dev.carousel.opencl;

import dev.carousel.conformance.junit.BackendConformance;
import dev.carousel.spi.BackendProvider;

/** The suite on every OpenCL device. */
final class OpenClConformanceTest extends BackendConformance {
  @Override
  protected BackendProvider provider() {
    return new OpenClProvider();
  }
}
