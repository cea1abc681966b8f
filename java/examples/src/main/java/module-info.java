/** Programs that show what can be done with a network. */
module dev.carousel.examples {
  requires dev.carousel.formats;
  requires static org.jspecify;

  exports dev.carousel.examples;
}
