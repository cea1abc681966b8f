/** Layers, networks, models and predictors; what follows them; and the reference back end, which runs everywhere. */
module dev.carousel.core {
  requires transitive dev.carousel.spi;
  requires static transitive org.jspecify;

  exports dev.carousel;
  exports dev.carousel.decoding;

  uses dev.carousel.spi.BackendProvider;

  provides dev.carousel.spi.BackendProvider with dev.carousel.reference.ReferenceProvider;
}
