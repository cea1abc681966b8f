/** The Program form of a recurrent network, and what a back end implements to run it. */
module dev.carousel.spi {
  requires jdk.management;
  requires static transitive org.jspecify;

  exports dev.carousel.spi;
  exports dev.carousel.spi.form;
  exports dev.carousel.spi.runtime;
}
