/** The suite that holds every back end to the same answers; plain Java, with a thin JUnit adapter. */
module dev.carousel.conformance {
  requires transitive dev.carousel.spi;
  requires transitive dev.carousel.core;
  requires static transitive org.jspecify;
  requires static transitive org.junit.jupiter.api;

  exports dev.carousel.conformance;
  exports dev.carousel.conformance.junit;
}
