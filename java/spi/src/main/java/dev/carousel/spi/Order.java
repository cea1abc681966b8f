package dev.carousel.spi;

/** How a batch of sequences lies in memory. */
public enum Order {
  /** {@code [steps][batch][width]}. */
  TIME_MAJOR,
  /** {@code [batch][steps][width]}. */
  BATCH_MAJOR
}
