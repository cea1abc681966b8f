package dev.carousel.spi.form;

import java.util.List;

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
      Check.argument(!(operation instanceof Mapping.LastStep),
          "%s stands in a scan; it picks among all steps: put it after the scan.", operation);
    }
  }
}
