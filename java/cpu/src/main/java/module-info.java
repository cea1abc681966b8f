/** The back ends of the processor: OpenBLAS, and kernels of our own. */
module dev.carousel.cpu {
  requires dev.carousel.kit;
  requires dev.carousel.spi;
  requires static org.jspecify;

  provides dev.carousel.spi.BackendProvider with dev.carousel.cpu.CpuProvider;
}
