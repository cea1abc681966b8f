package dev.carousel.decoding;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.function.ToDoubleFunction;

/** The best of what it is offered, so many of them: those of the highest scores, of equal ones the first in an order. */
final class Best<T> {
  private final int most;
  private final ToDoubleFunction<T> score;
  private final Comparator<T> order;
  private final PriorityQueue<T> kept; // the worst first

  Best(int most, ToDoubleFunction<T> score, Comparator<T> ties) {
    this.most = most;
    this.score = score;
    order = Comparator.comparingDouble(score).reversed().thenComparing(ties);
    kept = new PriorityQueue<>(order.reversed());
  }

  /** Whether nothing of such a score would be kept: so that what is many need not be made first. */
  boolean hopeless(double offered) {
    return kept.size() == most && offered < score.applyAsDouble(kept.element());
  }

  void offer(T candidate) {
    kept.add(candidate);
    if (kept.size() > most) {
      kept.remove();
    }
  }

  /** The best first. */
  List<T> ranked() {
    List<T> ranked = new ArrayList<>(kept);
    ranked.sort(order);
    return ranked;
  }
}
