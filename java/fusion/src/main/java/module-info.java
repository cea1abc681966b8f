/** The recurrent layers of a Program, for back ends that run a layer as a whole. */
module dev.carousel.fusion {
  requires transitive dev.carousel.spi;
  requires static org.jspecify;

  exports dev.carousel.fusion;
}
