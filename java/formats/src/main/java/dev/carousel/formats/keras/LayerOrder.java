package dev.carousel.formats.keras;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The one order of layers in which each takes rows of the width that the one before it gives, where only the order
 * within each class is known. An embedding comes first, dense layers last.
 */
final class LayerOrder {
  private static final int PATIENCE = 100_000; // many layers of one width fit in many orders, which shows soon

  private final List<List<ShownLayer>> classes;
  private final int[] taken;
  private final List<ShownLayer> order = new ArrayList<>();
  private final List<List<ShownLayer>> found = new ArrayList<>();
  private final int count;
  private int tried;

  LayerOrder(List<List<ShownLayer>> classes) {
    this.classes = classes;
    taken = new int[classes.size()];
    count = classes.stream().mapToInt(List::size).sum();
  }

  /** The order, if there is just one. */
  Optional<List<ShownLayer>> find() {
    search();
    return found.size() == 1 && tried < PATIENCE ? Optional.of(found.getFirst()) : Optional.empty();
  }

  private void search() {
    if (order.size() == count) {
      found.add(List.copyOf(order));
      return;
    }
    for (int i = 0; i < taken.length && found.size() < 2 && tried++ < PATIENCE; i++) {
      if (taken[i] < classes.get(i).size() && follows(classes.get(i).get(taken[i]))) {
        order.add(classes.get(i).get(taken[i]++));
        search();
        order.removeLast();
        taken[i]--;
      }
    }
  }

  private boolean follows(ShownLayer next) {
    if (order.isEmpty()) {
      return true;
    }
    ShownLayer last = order.getLast();
    return !next.indices() && next.inputs() == last.outputs() && (!next.recurrent() || last.recurrent() || last
        .indices());
  }
}
