package dev.carousel.cli.model;

import dev.carousel.Flatten;
import dev.carousel.Network;
import dev.carousel.spi.form.Slot;
import java.util.Collection;

/**
 * How many steps a sequence may have in a network: so many that every window finds some, and no more than are flattened.
 */
public record RunSteps(int least, int most) {
  private static final int LONGEST = 1 << 16; // that is looked for

  /** Those of a network. */
  public static RunSteps of(Network network) {
    Collection<Slot> slots = network.lower().program().slots();
    int least = 1;
    while (least < LONGEST && !fits(slots, least)) {
      least++;
    }
    int most = Integer.MAX_VALUE;
    for (Network.Node node : network.nodes()) {
      if (node.layer() instanceof Flatten flatten) {
        Network.Rows read = network.values().get(node.reads().getFirst());
        int longest = least;
        while (read != null && longest < LONGEST && read.axis().steps(longest + 1) <= flatten.steps()) {
          longest++;
        }
        most = longest < LONGEST ? Math.min(most, longest) : most;
      }
    }
    return new RunSteps(least, Math.max(least, most));
  }

  private static boolean fits(Collection<Slot> slots, int steps) {
    return slots.stream().allMatch(slot -> slot.axis().steps(steps) > 0);
  }

  /** As many steps as are wanted beyond the least, as far as there may be. */
  public int clamp(int steps) {
    return Math.min(most, least + steps - 1);
  }
}
