package dev.carousel.spi;

import dev.carousel.spi.form.Program;

/** A compiled Program with its packed parameters: immutable, shared by threads. */
public interface Executable extends AutoCloseable {
  /** What it runs. */
  Program program();

  /** Whether it has been closed. */
  boolean closed();

  /** The bytes that the packed parameters take. */
  long bytes();

  /** Makes a session for data in the order of time, {@code [steps][batch][columns]}. */
  default Session newSession(int maxSteps, int maxBatch) {
    return newSession(maxSteps, maxBatch, Order.TIME_MAJOR);
  }

  /**
   * Makes a session with buffers for runs of up to so many steps and sequences.
   *
   * @param order of the rows that are written and read
   * @throws IllegalArgumentException if the buffers cannot be had, with the size that was asked for
   * @throws IllegalStateException if this is closed
   */
  Session newSession(int maxSteps, int maxBatch, Order order);

  /** Frees the parameters; sessions made of it fail from then on with IllegalStateException. */
  @Override
  void close();
}
