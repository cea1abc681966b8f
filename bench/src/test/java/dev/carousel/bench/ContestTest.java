package dev.carousel.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A contest sees what engines compute: with the reference device, and the same made wrong. */
final class ContestTest {
  private static final Shape SHAPE = Shape.parse("x lstm 3 5 4 6 1 2 mean=0.6");
  private static final Workload WORKLOAD = Workload.of(SHAPE);
  private static final Contest.Pace PACE = new Contest.Pace(0.001, 3, 7);

  /** The reference device, whose outputs are changed. */
  private record Changed(Engine engine, UnaryOperator<float[]> change) implements Engine {
    @Override
    public void run() {
      engine.run();
    }

    @Override
    public float[] output() {
      return change.apply(engine.output());
    }

    @Override
    public void close() {
      engine.close();
    }
  }

  private static Outcome contest(String name, Opener opener) {
    Opener both = (engine, workload, threads) -> engine.equals(name)
        ? opener.open(engine, workload, threads)
        : Engines.open(engine, workload, threads);
    Oracle oracle = Oracle.of(WORKLOAD, Engines::open);
    return Contest.run(WORKLOAD, oracle, List.of("reference", name), 1, PACE, new Quiet(), both);
  }

  private static Opener changed(UnaryOperator<float[]> change) {
    return (_, workload, threads) -> new Changed(Engines.open("reference", workload, threads), change);
  }

  private static void expectFailure(Outcome outcome, String reason) {
    Result wrong = outcome.results().getLast();
    assertThat(wrong.standing()).isEqualTo(Standing.FAILED);
    assertThat(wrong.reason()).contains(reason);
    assertThat(wrong.timed()).isFalse();
    assertThat(outcome.results().getFirst().timed()).isTrue();
  }

  @Test
  void anEngineThatAgreesIsTimedInEveryRound() {
    Outcome outcome = contest("right", changed(output -> output));
    assertThat(outcome.results()).allSatisfy(result -> {
      assertThat(result.standing()).isEqualTo(Standing.TIMED);
      assertThat(result.error()).isZero();
      assertThat(result.turns()).hasSizeGreaterThanOrEqualTo(3).allMatch(turn -> turn.fork() == 7);
    });
    assertThat(outcome.operations()).isEqualTo(SHAPE.operations(WORKLOAD.validSteps()));
  }

  @Test
  void anEngineWithOneWrongNumberHasFailed() {
    expectFailure(contest("wrong", changed(output -> {
      output[output.length / 2] += 0.001f;
      return output;
    })), "differs by 1.0e-03");
  }

  @Test
  void anEngineWhoseOutputHasANaNHasFailed() {
    expectFailure(contest("wrong", changed(output -> {
      output[output.length - 1] = Float.NaN;
      return output;
    })), "differs by Inf");
  }

  @Test
  void anEngineWhoseOutputIsTooShortHasFailed() {
    expectFailure(contest("wrong", changed(output -> new float[output.length - 1])), "differs by Inf");
  }

  @Test
  void anEngineThatGoesWrongWhileItIsTimedHasFailed() {
    int[] looks = {0};
    expectFailure(contest("wrong", changed(output -> {
      output[0] += looks[0]++;
      return output;
    })), "differs");
  }

  @Test
  void anEngineThatCannotBeMadeHasFailedAndTheOthersGoOn() {
    expectFailure(contest("broken", (_, _, _) -> {
      throw new IllegalStateException("No such library.");
    }), "No such library.");
  }

  @Test
  void anEngineWithoutSuchLayersDeclines() {
    Result declined = contest("without", (_, _, _) -> {
      throw new UnsupportedOperationException("It has no such layers.");
    }).results().getLast();
    assertThat(declined.standing()).isEqualTo(Standing.DECLINED);
    assertThat(declined.reason()).isEqualTo("It has no such layers.");
  }

  @Test
  void aLargeBatchIsJudgedBySomeOfItsSequences(@TempDir Path folder) throws IOException {
    Shape large = Shape.parse("x lstm 2 600 400 400 1 1"); // 3.1 G operations: more than the reference is asked for
    Workload workload = Workload.of(large);
    Oracle.of(workload, Engines::open).write(folder.resolve("x"));
    Oracle oracle = Oracle.read(folder.resolve("x"));
    try (Engine engine = Engines.open("onnxruntime", workload, 1)) {
      engine.run();
      float[] output = engine.output();
      assertThat(oracle.difference(large, output)).isLessThan(1e-5);
      output[0] += 1;
      assertThat(oracle.difference(large, output)).isGreaterThan(0.9);
    }
  }
}
