/** What several back ends need: the recurrent layers of a Program, and the files that are kept for a user. */
module dev.carousel.kit {
  requires transitive dev.carousel.spi;
  requires static org.jspecify;

  exports dev.carousel.kit;
}
