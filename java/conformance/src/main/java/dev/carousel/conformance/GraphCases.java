package dev.carousel.conformance;

import dev.carousel.spi.form.Program;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/** Drawn networks, each in a run of a drawn shape. */
final class GraphCases {
  private static final int DRAWN = 1000;

  private GraphCases() {}

  static List<Case> all() {
    return IntStream.range(0, DRAWN).mapToObj(GraphCases::drawn).toList();
  }

  private static Case drawn(int seed) {
    Program program = DrawnGraphs.of(seed).lower().program();
    Shape shape = shape(new SplittableRandom(~seed)).fitting(program);
    return Case.differential(Family.GRAPH, "drawn", String.format(Locale.ROOT, "graph%04d_%s", seed, shape), program,
        shape);
  }

  /** Mostly of sequences of different lengths, some of them empty. */
  private static Shape shape(SplittableRandom random) {
    int steps = random.nextInt(1, DrawnGraphs.MOST + 1);
    int batch = random.nextInt(1, 7);
    return switch (random.nextInt(4)) {
      case 0 -> Shape.full(steps, batch);
      case 1 -> Shape.ragged(steps, batch);
      default -> new Shape(steps, batch, random.ints(batch, 0, steps + 1).toArray());
    };
  }
}
