package dev.carousel.cpu.kernels;

import dev.carousel.cpu.bindings.Carousel;
import dev.carousel.spi.HostMemory;
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
    MemorySegment opened = Carousel.carousel_open(tier.code(), threads);
    if (opened.equals(MemorySegment.NULL)) {
      throw new IllegalStateException(threads + " threads for " + tier.instructions()
          + " could not be started: the system gave no memory or no thread. Ask for fewer threads.");
    }
    this.arena = arena;
    address = opened.reinterpret(arena, Carousel::carousel_close);
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
    long floats = Carousel.carousel_packed(address, gates, units, depth);
    MemorySegment packed = HostMemory.allocate(arena, 4.0 * floats, "Packed weights");
    try (Arena passing = Arena.ofConfined()) {
      Carousel.carousel_pack(address, gates, units, depth, copy(passing, weights, 4L * gates * units * depth),
          bias == null ? MemorySegment.NULL : copy(passing, bias, 4L * gates * units), packed);
    }
    return packed;
  }

  /** The caller's may lie on the heap, be too short, or be freed meanwhile; the copy is none of that. */
  private static MemorySegment copy(Arena arena, MemorySegment source, long bytes) {
    MemorySegment copy = HostMemory.allocate(arena, (double) bytes, "A copy of weights");
    MemorySegment.copy(source, 0, copy, 0, bytes);
    return copy;
  }
}
