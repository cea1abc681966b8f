package dev.carousel.bench;

/**
 * Something that runs a workload again and again, from a state of zero, on buffers that it made beforehand. It belongs
 * to the thread that made it.
 */
interface Engine extends AutoCloseable {
  /** Runs the whole batch once. This is what is timed. */
  void run();

  /** A copy of what the last run gave, {@code [steps][batch][directions * hidden]}. */
  float[] output();

  @Override
  void close();
}
