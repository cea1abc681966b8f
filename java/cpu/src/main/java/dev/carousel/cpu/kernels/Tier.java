package dev.carousel.cpu.kernels;

import dev.carousel.cpu.bindings.Carousel;
import dev.carousel.cpu.library.CarouselLibrary;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** A set of instructions that there are kernels for; each but the first of an architecture takes the one before. */
public enum Tier {
  SSE2("x86-64", "SSE2", Carousel.CAROUSEL_SSE2()), AVX2("x86-64", "AVX2 and FMA", Carousel.CAROUSEL_AVX2()), AVX512(
      "x86-64", "AVX-512 (F, DQ, BW, VL)",
      Carousel.CAROUSEL_AVX512()), NEON("AArch64", "NEON", Carousel.CAROUSEL_NEON());

  private final String architecture;
  private final String instructions;
  private final int code;

  Tier(String architecture, String instructions, int code) {
    this.architecture = architecture;
    this.instructions = instructions;
    this.code = code;
  }

  /** The native number; of two tiers of an architecture the better one has the larger. */
  public int code() {
    return code;
  }

  /** The name in a device's id: {@code avx2}. */
  public String id() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The instructions, for people. */
  public String instructions() {
    return instructions;
  }

  /** Those of this machine's architecture; empty where the native code is missing. */
  public static List<Tier> built() {
    List<Tier> built = new ArrayList<>();
    for (Tier tier : CarouselLibrary.problem().isPresent() ? new Tier[0] : values()) {
      if (tier.support() != Carousel.CAROUSEL_NOT_BUILT()) {
        built.add(tier);
      }
    }
    return built;
  }

  /** The best that can be used here; the first of an architecture always can. */
  public static Optional<Tier> best() {
    return built().stream().filter(tier -> tier.problem().isEmpty()).reduce((_, better) -> better);
  }

  /** Why it cannot be used and what to do; empty when it can. */
  public Optional<String> problem() {
    if (CarouselLibrary.problem().isPresent()) {
      return CarouselLibrary.problem();
    }
    int support = support();
    if (support == Carousel.CAROUSEL_READY()) {
      return Optional.empty();
    }
    return Optional.of(support == Carousel.CAROUSEL_SYSTEM_DISABLED()
        ? "This processor has " + instructions + ", but the system has not enabled their registers. Enable them in the"
            + " system or the hypervisor, or use cpu/fused."
        : support == Carousel.CAROUSEL_CPU_LACKS()
            ? "This processor does not have " + instructions + ". Use cpu/fused, which takes the best that it has."
            : instructions + " is of " + architecture + ". Use cpu/fused, which takes the best of this machine.");
  }

  private int support() {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment support = arena.allocate(ValueLayout.JAVA_INT, Carousel.CAROUSEL_TIERS());
      Carousel.carousel_tiers(support);
      return support.getAtIndex(ValueLayout.JAVA_INT, code);
    }
  }
}
