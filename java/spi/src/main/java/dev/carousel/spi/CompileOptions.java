package dev.carousel.spi;

import dev.carousel.spi.form.Check;

/**
 * What changes how fast a Program runs but not what it means.
 *
 * @param threads the most threads that a run may use
 */
public record CompileOptions(int threads) {
  public CompileOptions {
    Check.argument(threads > 0, "%d threads were asked for; a run needs at least 1.", threads);
  }

  /** As many threads as the JVM has processors, which respects a container's limits. */
  public static CompileOptions defaults() {
    return new CompileOptions(Runtime.getRuntime().availableProcessors());
  }
}
