package dev.carousel.conformance;

import static java.util.Map.entry;

import dev.carousel.Concat;
import dev.carousel.Conv;
import dev.carousel.Dense;
import dev.carousel.Directions;
import dev.carousel.Embedding;
import dev.carousel.FinalState;
import dev.carousel.Flatten;
import dev.carousel.Gru;
import dev.carousel.LastStep;
import dev.carousel.LayerNorm;
import dev.carousel.Lstm;
import dev.carousel.Network;
import dev.carousel.Pool;
import dev.carousel.Repeat;
import dev.carousel.Rnn;
import dev.carousel.SoftmaxSteps;
import dev.carousel.WeightedSum;
import dev.carousel.WindowPool;
import dev.carousel.spi.form.Embed;
import dev.carousel.spi.form.Program;
import dev.carousel.spi.form.Slot;
import dev.carousel.spi.form.Window;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/** Sessions over time: drawn walks of many calls, some on each of a few networks. */
final class WalkCases {
  private static final int WALKS = 20; // of each network
  private static final int MOVES = 20; // of each walk

  private static final String ATTENTION = """
      Network.of(List.of(Network.Input.rows("rows", 3), Network.Input.row("fixed", 2)),
          List.of(Network.Node.of("lstm", Lstm.of(3, 4), "rows"), Network.Node.of("scores", Dense.of(4, 1), "lstm"),
              Network.Node.of("weights", SoftmaxSteps.of(1), "scores"),
              Network.Node.of("sum", WeightedSum.of(4), "lstm", "weights"),
              Network.Node.of("both", Concat.of(4, 2), "sum", "fixed")),
          "lstm", "both")""";

  /** Networks as they are written, which is how a program shows them. */
  private static final List<Map.Entry<String, Network>> NETWORKS = List.of(
      entry("Network.of(Lstm.of(3, 5))", Network.of(Lstm.of(3, 5))),
      entry("Network.of(Lstm.of(3, 9).bidirectional(), Gru.of(18, 4))",
          Network.of(Lstm.of(3, 9).bidirectional(), Gru.of(18, 4))),
      entry("Network.of(Gru.of(4, 17).resetBefore())", Network.of(Gru.of(4, 17).resetBefore())),
      entry("Network.of(Rnn.of(2, 8).directions(Directions.SUM))",
          Network.of(Rnn.of(2, 8).directions(Directions.SUM))),
      entry("Network.of(Lstm.of(4, 7).peephole().coupled().directions(Directions.REVERSE))",
          Network.of(Lstm.of(4, 7).peephole().coupled().directions(Directions.REVERSE))),
      entry("Network.of(Lstm.of(3, 8).projection(5), Dense.of(5, 3).softmax())",
          Network.of(Lstm.of(3, 8).projection(5), Dense.of(5, 3).softmax())),
      entry("Network.of(Embedding.of(11, 4), Lstm.of(4, 6))", Network.of(Embedding.of(11, 4), Lstm.of(4, 6))),
      entry("Network.of(Embedding.of(6, 3), Gru.of(3, 5).bidirectional(), FinalState.of(10), Dense.of(10, 2))",
          Network.of(Embedding.of(6, 3), Gru.of(3, 5).bidirectional(), FinalState.of(10), Dense.of(10, 2))),
      entry("Network.of(Lstm.of(5, 16), LastStep.of(16), Dense.of(16, 4).softmax())",
          Network.of(Lstm.of(5, 16), LastStep.of(16), Dense.of(16, 4).softmax())),
      entry("Network.of(Dense.of(3, 4))", Network.of(Dense.of(3, 4))),
      entry("Network.of(Conv.of(3, 5, 3).padSame().stride(2), Lstm.of(5, 4).bidirectional())",
          Network.of(Conv.of(3, 5, 3).padSame().stride(2), Lstm.of(5, 4).bidirectional())),
      entry("Network.of(Conv.of(3, 8, 3).dilation(2).causal(), LayerNorm.of(8), Conv.of(8, 4, 2).groups(2).causal())",
          Network.of(Conv.of(3, 8, 3).dilation(2).causal(), LayerNorm.of(8), Conv.of(8, 4, 2).groups(2).causal())),
      entry("Network.of(Gru.of(3, 6), WindowPool.mean(6, 3).window(Window.of(4).stride(3).padSame()), Pool.max(6))",
          Network.of(Gru.of(3, 6), WindowPool.mean(6, 3).window(Window.of(4).stride(3).padSame()), Pool.max(6))),
      entry("Network.of(Repeat.of(3), Rnn.of(3, 5), Flatten.of(5, 6))",
          Network.of(Repeat.of(3), Rnn.of(3, 5), Flatten.of(5, 6))),
      entry(ATTENTION, Network.of(List.of(Network.Input.rows("rows", 3), Network.Input.row("fixed", 2)),
          List.of(Network.Node.of("lstm", Lstm.of(3, 4), "rows"), Network.Node.of("scores", Dense.of(4, 1), "lstm"),
              Network.Node.of("weights", SoftmaxSteps.of(1), "scores"),
              Network.Node.of("sum", WeightedSum.of(4), "lstm", "weights"),
              Network.Node.of("both", Concat.of(4, 2), "sum", "fixed")),
          "lstm", "both")));

  private final SplittableRandom random;
  private final Program program;
  private final List<Slot> states;

  private WalkCases(SplittableRandom random, Program program) {
    this.random = random;
    this.program = program;
    states = program.slots(Slot.Role.STATE);
  }

  static List<Case> all() {
    List<Case> cases = new ArrayList<>();
    for (int i = 0; i < NETWORKS.size(); i++) {
      Network network = NETWORKS.get(i).getValue();
      Program program = network.lower().program();
      for (int number = 0; number < WALKS; number++) {
        String name = "walk_n" + i + "_" + number;
        Walk walk = drawn(name, i);
        cases.add(new Case(Family.WALK, Subject.of(program), name, program, (backend, _) -> walk.on(backend)));
      }
    }
    return cases;
  }

  /** The walk of a name over one of the networks. */
  static Walk drawn(String name, int index) {
    Network network = NETWORKS.get(index).getValue();
    SplittableRandom random = new SplittableRandom(name.hashCode());
    WalkCases drawing = new WalkCases(random, network.lower().program());
    int threads = random.nextInt(1, 4);
    List<List<Call>> moves = new ArrayList<>();
    for (int move = 0; move < MOVES; move++) {
      moves.add(drawing.move());
    }
    return new Walk(NETWORKS.get(index).getKey(), network, threads, moves);
  }

  private List<Call> move() {
    int kind = random.nextInt(20);
    if (kind < 2) {
      return List.of(refused());
    } else if (kind < 3) {
      List<Call> run = run();
      return run.subList(0, random.nextInt(1, run.size())); // and not followed up
    } else if (kind < 9 && !states.isEmpty()) {
      return List.of(state());
    }
    return run();
  }

  /** A run of some shape, every input written. */
  private List<Call> run() {
    int steps = random.nextInt(1, Walk.STEPS + 1);
    int batch = random.nextInt(1, Walk.BATCH + 1);
    int[] lengths = lengths(steps, batch);
    List<Call> calls = new ArrayList<>();
    calls.add(new Call.Begin(steps, batch, lengths));
    if (random.nextInt(8) == 0) {
      calls.add(new Call.Refused(new Call.Forward()));
    }
    for (Slot input : program.slots(Slot.Role.INPUT)) {
      int count = input.rows(steps, batch) * input.columns();
      if (input.element() == Slot.Element.I32 && lengths == null && random.nextInt(4) == 0) {
        calls.add(new Call.Refused(new Call.Indices(input, count, random.nextInt(), table(), 2 * table())));
      }
      calls.add(input.element() == Slot.Element.I32
          ? new Call.Indices(input, count, random.nextInt(), 0, table())
          : new Call.Floats(input, count, random.nextInt(), lengths == null && random.nextBoolean()));
    }
    calls.add(new Call.Forward());
    return calls;
  }

  private int table() {
    return program.operations().filter(Embed.class::isInstance).mapToInt(embed -> ((Embed) embed).table().rows()).min()
        .orElse(0);
  }

  private int @Nullable [] lengths(int steps, int batch) {
    return switch (random.nextInt(6)) {
      case 0, 1 -> null;
      case 2 -> random.ints(batch, random.nextInt(steps + 1), steps + 1).toArray();
      case 3 -> random.ints(batch, 0, 2).map(given -> given * steps).toArray();
      default -> random.ints(batch, 0, steps + 1).toArray();
    };
  }

  private Call state() {
    Slot state = states.get(random.nextInt(states.size()));
    int row = random.nextInt(Walk.BATCH);
    int rows = random.nextInt(1, Walk.BATCH - row + 1);
    return switch (random.nextInt(3)) {
      case 0 -> new Call.WriteState(state, row, rows, random.nextInt());
      case 1 -> new Call.MoveState(state, row, random.nextInt(Walk.BATCH));
      default -> new Call.Reset(row, rows);
    };
  }

  private Call refused() {
    Slot input = program.slots(Slot.Role.INPUT).getFirst();
    boolean indices = input.element() == Slot.Element.I32;
    int beyond = Walk.STEPS * Walk.BATCH * input.columns() + 1;
    return new Call.Refused(switch (random.nextInt(6)) {
      case 0 -> new Call.Begin(Walk.STEPS + 1, 1, null);
      case 1 -> new Call.Begin(2, 2, new int[]{3, 1});
      case 2 -> new Call.Begin(1, Walk.BATCH + 1, null);
      case 3 -> indices
          ? new Call.Indices(input, beyond, 1, 0, 1)
          : new Call.Floats(input, beyond, 1, false);
      case 4 -> new Call.Reset(Walk.BATCH, 1);
      default ->
        states.isEmpty() ? new Call.Begin(0, 1, null) : new Call.WriteState(states.getLast(), Walk.BATCH, 1, 1);
    });
  }
}
