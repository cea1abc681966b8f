package dev.carousel.bench;

/** Where a contest has its engines from. */
@FunctionalInterface
interface Opener {
  /**
   * Makes an engine with at most so many threads. One that has no such layers throws
   * {@link UnsupportedOperationException}.
   */
  Engine open(String name, Workload workload, int threads);
}
