package dev.carousel.conformance;

import dev.carousel.conformance.junit.BackendConformance;
import dev.carousel.reference.ReferenceProvider;
import dev.carousel.spi.BackendProvider;

final class ReferenceConformanceTest extends BackendConformance {
  @Override
  protected BackendProvider provider() {
    return new ReferenceProvider();
  }
}
