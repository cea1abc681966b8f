package dev.carousel.kit;

import dev.carousel.spi.form.Program;
import dev.carousel.spi.form.Step;
import java.util.ArrayList;
import java.util.List;

/**
 * The steps of a Program, grouped: layers that run as one, two at a time where they do not touch each other, and what is
 * left as single steps.
 *
 * @param parts all steps, in the order of the Program
 */
public record Fusion(List<Part> parts) {
  /** What a back end runs as one. */
  public sealed interface Part permits Layers, Single {}

  /** One layer in one direction, or two that may run at the same time. */
  public record Layers(List<FusedLayer> layers) implements Part {
    public Layers {
      layers = List.copyOf(layers);
    }
  }

  /** A step as it stands. */
  public record Single(Step step) implements Part {}

  public Fusion {
    parts = List.copyOf(parts);
  }

  /** The parts of a Program. */
  public static Fusion of(Program program) {
    List<Part> parts = new ArrayList<>();
    for (Step step : program.forward()) {
      FusedLayer layer = !parts.isEmpty() && parts.getLast() instanceof Single(Step before)
          ? FusedLayer.of(program, before, step)
          : null;
      if (layer == null) {
        parts.add(new Single(step));
      } else {
        parts.removeLast();
        add(parts, layer);
      }
    }
    return new Fusion(parts);
  }

  private static void add(List<Part> parts, FusedLayer layer) {
    if (!parts.isEmpty() && parts.getLast() instanceof Layers(List<FusedLayer> before) && before.size() == 1
        && before.getFirst().apart(layer)) {
      parts.removeLast();
      parts.add(new Layers(List.of(before.getFirst(), layer)));
    } else {
      parts.add(new Layers(List.of(layer)));
    }
  }
}
