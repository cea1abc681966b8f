package dev.carousel.opencl;

import dev.carousel.opencl.driver.OpenClDevice;
import dev.carousel.spi.form.AcrossSteps;
import dev.carousel.spi.form.Axis;
import dev.carousel.spi.form.Check;
import dev.carousel.spi.form.GateGemm;
import dev.carousel.spi.form.Mapping;
import dev.carousel.spi.form.Operation;
import dev.carousel.spi.form.Program;
import java.util.List;

/** What a device was found unable to do, through its own fault: llvmpipe ends loops before they are done. */
final class Limits {
  private static final int TURNS = 65_535;
  private static final int TURNS_PER_PRODUCT = 20; // of the loops in gpu/gate_gemm.cl, for each column of the input
  private static final int TURNS_PER_ELEMENT = 3; // of those in softmax.cl, normalise.cl and softmax_steps.cl
  private static final int TURNS_PER_TAP = 3; // of those in windows.cl, one within the other

  private Limits() {}

  /** What of a Program a device cannot run, however short sequences are. */
  static List<String> of(OpenClDevice device, Program program) {
    return device.llvmpipe()
        ? program.operations().filter(operation -> turns(operation, 1) > TURNS).map(operation -> device.id()
            + " ends loops after " + TURNS + " turns without a word, and a row of " + operation.writes().getFirst()
            + " takes more. Use another device, or narrower layers.").toList()
        : List.of();
  }

  /** Throws where a device cannot run a Program over so many steps. */
  static void check(OpenClDevice device, Program program, int maxSteps) {
    program.operations().filter(_ -> device.llvmpipe()).forEach(operation -> Check.argument(
        turns(operation, maxSteps) <= TURNS, "A session for %d steps was asked for, and %s ends loops after %d turns"
            + " without a word; a row of %s takes more. Use another device, or ask for fewer steps.",
        maxSteps, device.id(), TURNS, operation.writes().getFirst()));
  }

  /** The turns of a work-item for a row of the result, where a run has so many steps. */
  private static long turns(Operation operation, int maxSteps) {
    return switch (operation) {
      case GateGemm gemm -> (long) TURNS_PER_PRODUCT * gemm.in().columns();
      case Mapping.Softmax softmax -> (long) TURNS_PER_ELEMENT * softmax.in().columns();
      case Mapping.LogSoftmax softmax -> (long) TURNS_PER_ELEMENT * softmax.in().columns();
      case Mapping.Normalise normalise -> (long) TURNS_PER_ELEMENT * normalise.in().columns();
      case AcrossSteps.Gather gather -> Math.max((long) TURNS_PER_TAP * gather.window().width(),
          gather.history() == null ? 0 : gather.window().reach() - 1);
      case AcrossSteps.Flatten flatten -> (long) TURNS_PER_TAP * flatten.steps();
      case AcrossSteps.WindowPool pool -> pool.window().width();
      case AcrossSteps.Pool pool -> steps(pool, maxSteps);
      case AcrossSteps.WeightedSum sum -> steps(sum, maxSteps);
      case AcrossSteps.SoftmaxSteps softmax -> TURNS_PER_ELEMENT * steps(softmax, maxSteps);
      default -> 0;
    };
  }

  private static long steps(AcrossSteps operation, int maxSteps) {
    Axis axis = operation.in().slot().axis();
    return axis.steps(maxSteps);
  }
}
