/** The back end of OpenCL: every device of every installed platform, through JOCL. */
module dev.carousel.opencl {
  requires dev.carousel.kit;
  requires dev.carousel.spi;
  requires jocl;
  requires static org.jspecify;

  provides dev.carousel.spi.BackendProvider with dev.carousel.opencl.OpenClProvider;
}
