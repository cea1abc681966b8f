package dev.carousel.spi.form;

import java.util.List;
import java.util.stream.Stream;

/**
 * A loop over time: the body runs once for each step, over the sequences that the step is valid for. In the body a
 * STEPS slot means its rows of the step at hand; STATE carries from step to step, BATCH scratch does not.
 */
public record Scan(Direction direction, List<Operation> body) implements Step {
  /** The order of the steps. */
  public enum Direction {
    FORWARD, // From the first step on
    REVERSE // From each sequence's own last step back; results stand at the original steps
  }

  public Scan {
    body = List.copyOf(body);
    Check.argument(!body.isEmpty(), "A scan %s has no operation in it. Give it a body.", direction);
    for (Operation operation : body) {
      Check.argument(!(operation instanceof AcrossSteps),
          "%s stands in a scan; it needs all steps: put it before or after the scan.", operation);
    }
    long axes = slots(body).map(Slot::axis).distinct().count();
    Check.argument(axes == 1, "A scan %s has slots of steps on %d axes. It needs some, all on one.", direction, axes);
  }

  /** The axis whose steps it goes through. */
  public Axis axis() {
    return slots(body).map(Slot::axis).findFirst().orElseThrow();
  }

  private static Stream<Slot> slots(List<Operation> body) {
    return body.stream().flatMap(operation -> Stream.concat(operation.reads().stream(), operation.writes().stream()))
        .map(View::slot).filter(slot -> slot.extent() == Slot.Extent.STEPS);
  }
}
