package dev.carousel.cpu.kernels;

import dev.carousel.spi.form.Axis;
import java.util.HashMap;
import java.util.Map;

/** The rows of a session's runs along each axis that native calls ask for. */
public final class RunLayouts {
  private final Map<Axis, RunLayout> layouts = new HashMap<>();
  private final int maxSteps;
  private final int maxBatch;

  /** Those of a session for so many steps and sequences. */
  public RunLayouts(int maxSteps, int maxBatch) {
    this.maxSteps = maxSteps;
    this.maxBatch = maxBatch;
  }

  /** The one along an axis, which all calls of the session share. */
  public RunLayout along(Axis axis) {
    return layouts.computeIfAbsent(axis, one -> new RunLayout(one, maxSteps, maxBatch));
  }
}
