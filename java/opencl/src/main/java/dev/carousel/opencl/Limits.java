package dev.carousel.opencl;

import dev.carousel.spi.form.GateGemm;
import dev.carousel.spi.form.Mapping;
import dev.carousel.spi.form.Operation;
import dev.carousel.spi.form.Program;
import java.util.List;

/** What a device was found unable to do, through its own fault. */
final class Limits {
  private static final int TURNS = 65_535;
  private static final int TURNS_PER_PRODUCT = 20; // of the loops in gpu/gate_gemm.cl, for each column of the input
  private static final int TURNS_PER_ELEMENT = 3; // of those in softmax.cl

  private Limits() {}

  static List<String> of(OpenClBackend backend, Program program) {
    return backend.opened().device().llvmpipe()
        ? program.operations().filter(operation -> turns(operation) > TURNS).map(operation -> backend.device().id()
            + " ends loops after " + TURNS + " turns without a word, and a row of " + operation.writes().getFirst()
            + " takes more. Use another device, or narrower layers.").toList()
        : List.of();
  }

  private static long turns(Operation operation) {
    return switch (operation) {
      case GateGemm gemm -> (long) TURNS_PER_PRODUCT * gemm.in().columns();
      case Mapping.Softmax softmax -> (long) TURNS_PER_ELEMENT * softmax.in().columns();
      default -> 0;
    };
  }
}
