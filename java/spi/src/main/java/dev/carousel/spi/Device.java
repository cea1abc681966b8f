package dev.carousel.spi;

import java.util.Optional;

/**
 * Something that runs Programs.
 *
 * @param id what a user types: {@code reference}, {@code cpu/fused@avx2}, {@code opencl/pocl/0}
 * @param description what it is, for people
 * @param priority the larger is preferred; the reference has 0
 * @param unavailable why it cannot be used and what to do, a sentence; empty when it can
 */
public record Device(String id, String description, int priority, Optional<String> unavailable) {
  /** Whether it can be opened. */
  public boolean available() {
    return unavailable.isEmpty();
  }
}
