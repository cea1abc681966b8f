package dev.carousel.spi;

import static dev.carousel.spi.Check.argument;

/**
 * What changes how fast a Program runs but not what it means.
 *
 * @param threads the most threads that a run may use
 */
public record CompileOptions(int threads) {

  /** Checks that there is a thread to run on. */
  public CompileOptions {
    argument(threads > 0, "%d threads were asked for; a run needs at least 1.", threads);
  }

  /** As many threads as the JVM has processors, which respects a container's limits. */
  public static CompileOptions defaults() {
    return new CompileOptions(Runtime.getRuntime().availableProcessors());
  }

  /** These options with another number of threads. */
  public CompileOptions withThreads(int number) {
    return new CompileOptions(number);
  }
}
