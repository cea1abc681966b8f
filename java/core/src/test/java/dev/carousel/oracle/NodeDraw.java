package dev.carousel.oracle;

import dev.carousel.oracle.NodeCase.Option;
import dev.carousel.spi.form.Activation;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Draws a configuration of a node from a seed. */
final class NodeDraw {
  private static final List<String> OPERATORS = List.of("RNN", "LSTM", "GRU");
  private static final List<String> DIRECTIONS = List.of("forward", "reverse", "bidirectional");
  static final List<Activation.Kind> KINDS = Stream.of(Activation.Kind.values())
      .filter(kind -> kind.compareTo(Activation.Kind.SOFTPLUS) <= 0).toList(); // those that ONNX' nodes know

  private final int seed;
  private final Random random;
  private final String operator;
  private final String direction;

  private NodeDraw(int seed) {
    this.seed = seed;
    random = new Random(seed);
    operator = OPERATORS.get(seed % 3);
    direction = DIRECTIONS.get(seed / 3 % 3);
  }

  static NodeCase of(int seed) {
    return new NodeDraw(seed).draw();
  }

  private NodeCase draw() {
    Set<Option> options = EnumSet.noneOf(Option.class);
    for (Option option : Option.values()) {
      // Activations are many, so most nodes have them.
      if (option.of(operator) && random.nextInt(10) < (option == Option.ACTIVATIONS ? 8 : 5)) {
        options.add(option);
      }
    }
    List<Activation> activations = options.contains(Option.ACTIVATIONS) ? activations() : List.of();
    int steps = 1 + random.nextInt(mayExplode(options) ? 5 : 12);
    int batch = 1 + random.nextInt(5);
    List<Integer> lengths = options.contains(Option.LENGTHS) ? lengths(steps, batch) : List.of();
    return new NodeCase(seed, operator, direction, 1 + random.nextInt(20), 1 + random.nextInt(20), steps, batch,
        Collections.unmodifiableSet(options), activations, uniform(0.2, 0.9), lengths);
  }

  /** With any function for a gate, a forget gate of 1 - i or one that sees the cell state can make it grow fast. */
  private static boolean mayExplode(Set<Option> options) {
    return options.contains(Option.ACTIVATIONS)
        && (options.contains(Option.COUPLED) || options.contains(Option.PEEPHOLE));
  }

  /** Lengths from 0, not all of them 0. */
  private List<Integer> lengths(int steps, int batch) {
    List<Integer> lengths = new ArrayList<>();
    for (int sequence = 0; sequence < batch; sequence++) {
      lengths.add(random.nextInt(steps + 1));
    }
    if (Collections.max(lengths) == 0) {
      lengths.set(0, steps);
    }
    return lengths;
  }

  /** Functions by turns rather than by chance, so that a few cases are enough for all. */
  private List<Activation> activations() {
    int count = NodeCase.functions(operator) * (direction.equals("bidirectional") ? 2 : 1);
    int step = seed / 99 % 10 + 1; // from one function of a node to the next
    return IntStream.range(0, count).mapToObj(i -> activation(KINDS.get((seed / 3 + i * step) % KINDS.size())))
        .toList();
  }

  /** Constants away from the usual ones and from 0 and 1, such that a state does not explode. */
  private Activation activation(Activation.Kind kind) {
    return switch (kind) {
      case RELU, TANH, SIGMOID, SOFTSIGN, SOFTPLUS -> kind.of();
      case AFFINE -> kind.of(uniform(0.2, 0.7), uniform(-0.4, 0.4));
      case LEAKY_RELU -> kind.of(uniform(0.05, 0.3));
      case THRESHOLDED_RELU -> kind.of(uniform(0.05, 0.3));
      case SCALED_TANH -> kind.of(uniform(0.5, 1.4), uniform(0.5, 1.4));
      case HARD_SIGMOID -> kind.of(uniform(0.25, 0.6), uniform(0.3, 0.7));
      case ELU -> kind.of(uniform(0.4, 1.4));
      default -> throw new IllegalArgumentException("No node of ONNX applies " + kind + ".");
    };
  }

  private float uniform(double low, double high) {
    return (float) (Math.round((low + (high - low) * random.nextDouble()) * 1000) / 1000.0);
  }
}
