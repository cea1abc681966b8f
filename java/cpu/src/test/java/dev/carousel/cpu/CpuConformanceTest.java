package dev.carousel.cpu;

import dev.carousel.conformance.junit.BackendConformance;
import dev.carousel.spi.BackendProvider;

/** The suite on every device of the processor. */
final class CpuConformanceTest extends BackendConformance {
  @Override
  protected BackendProvider provider() {
    return new CpuProvider();
  }
}
