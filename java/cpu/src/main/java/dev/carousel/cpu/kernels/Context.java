package dev.carousel.cpu.kernels;

import dev.carousel.cpu.bindings.Carousel;
import dev.carousel.cpu.bindings.carousel_matrix;
import dev.carousel.cpu.bindings.carousel_opening;
import dev.carousel.spi.runtime.HostMemory;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/**
 * The kernels of a tier and their threads, which end when the arena is closed. The arena's segments are handed to each
 * native call, so that the arena cannot be closed while one runs.
 */
public final class Context {
  private final Arena arena;
  private final MemorySegment address;

  /** Starts the threads; the caller's counts as one of them. */
  public Context(Arena arena, Tier tier, int threads) {
    MemorySegment opened = open(tier, threads);
    if (opened.equals(MemorySegment.NULL)) {
      throw new IllegalStateException(threads + " threads for " + tier.instructions()
          + " could not be started: the system gave no memory or no thread. Ask for fewer threads.");
    }
    this.arena = arena;
    address = opened.reinterpret(arena, Carousel::carousel_close);
  }

  private static MemorySegment open(Tier tier, int threads) {
    try (Arena passing = Arena.ofConfined()) {
      MemorySegment opening = carousel_opening.allocate(passing);
      carousel_opening.tier(opening, tier.code());
      carousel_opening.threads(opening, threads);
      Carousel.carousel_open(opening);
      return carousel_opening.context(opening);
    }
  }

  /** What native calls take first. */
  public MemorySegment address() {
    return address;
  }

  /**
   * Packs the weights of {@code gates * units} results in the order of the kernels.
   *
   * @param weights [gates * units][depth]
   * @param bias [gates * units], or null for zeros
   */
  public MemorySegment pack(int gates, int units, int depth, MemorySegment weights, @Nullable MemorySegment bias) {
    try (Arena passing = Arena.ofConfined()) {
      MemorySegment matrix = carousel_matrix.allocate(passing);
      carousel_matrix.gates(matrix, gates);
      carousel_matrix.units(matrix, units);
      carousel_matrix.depth(matrix, depth);
      carousel_matrix.weights(matrix, copy(passing, weights, 4L * gates * units * depth));
      carousel_matrix.bias(matrix, bias == null ? MemorySegment.NULL : copy(passing, bias, 4L * gates * units));
      Carousel.carousel_size_matrix(address, matrix);
      MemorySegment packed = HostMemory.allocate(arena, 4.0 * carousel_matrix.packed_floats(matrix), "Packed weights");
      carousel_matrix.packed(matrix, packed);
      Carousel.carousel_pack(address, matrix);
      return packed;
    }
  }

  /** The caller's may lie on the heap, be too short, or be freed meanwhile; the copy is none of that. */
  private static MemorySegment copy(Arena arena, MemorySegment source, long bytes) {
    MemorySegment copy = HostMemory.allocate(arena, (double) bytes, "A copy of weights");
    MemorySegment.copy(source, 0, copy, 0, bytes);
    return copy;
  }
}
