package dev.carousel.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Times of calls, and what becomes of several processes' times. */
final class ResultTest {
  @Test
  void theTimeOfATurnIsTheMeanOfItsCalls() {
    assertThat(new Turn(0, 0, List.of(1_000_000L, 3_000_000L)).milliseconds()).isEqualTo(2, within(1e-12));
  }

  @Test
  void theRoundsOfAllProcessesMakeOneMedianAndEachProcessKeepsItsOwn() {
    Result pooled = Result.pool(List.of(timed("a", 0, 1, 2, 3), timed("a", 1, 7, 8, 9)));
    assertThat(pooled.median()).isEqualTo(5, within(1e-12));
    assertThat(pooled.forkMedians()).containsExactly(2.0, 8.0);
    assertThat(pooled.calls()).containsExactly(1.0, 2.0, 3.0, 7.0, 8.0, 9.0);
  }

  @Test
  void anEngineThatFailedInOneProcessHasFailed() {
    Result wrong = new Result("a", Standing.FAILED, "Its output differs.", 0.5, List.of());
    Result pooled = Result.pool(List.of(timed("a", 0, 1), wrong, timed("a", 2, 1)));
    assertThat(pooled.timed()).isFalse();
    assertThat(pooled.reason()).isEqualTo("Its output differs.");
    assertThat(pooled.error()).isEqualTo(0.5);
  }

  @Test
  void pairsCompareRoundsThatBothTookPartIn() {
    Result quick = timed("a", 0, 1, 1, 1, 1, 1);
    Result slow = new Result("b", Standing.TIMED, "", 0, List.of(turn(0, 0, 10), turn(0, 4, 30), turn(1, 0, 99)));
    assertThat(slow.pairs(quick)).isEqualTo(20, within(1e-12));
    assertThat(quick.pairs(slow)).isEqualTo((1 / 10.0 + 1 / 30.0) / 2, within(1e-12));
  }

  @Test
  void theBestPeerIsTheQuickestThatIsNoDeviceOfCarousel() {
    Shape shape = Shape.parse("x lstm 1 1 1 1 1 1");
    Outcome outcome = new Outcome(shape, 1, 1000,
        List.of(timed("cpu/fused", 0, 1), timed("pytorch", 0, 4), timed("onnxruntime", 0, 2)));
    assertThat(outcome.best()).map(Result::engine).contains("onnxruntime");
    Outcome alone = new Outcome(shape, 1, 1000, List.of(timed("cpu/fused", 0, 3), timed("reference", 0, 1)));
    assertThat(alone.best()).map(Result::engine).contains("cpu/fused");
  }

  /** An engine whose rounds took so many milliseconds. */
  static Result timed(String engine, int fork, long... milliseconds) {
    List<Turn> turns = new ArrayList<>();
    for (int round = 0; round < milliseconds.length; round++) {
      turns.add(turn(fork, round, milliseconds[round]));
    }
    return new Result(engine, Standing.TIMED, "", 1e-7, turns);
  }

  private static Turn turn(int fork, int round, long milliseconds) {
    return new Turn(fork, round, List.of(1_000_000 * milliseconds));
  }
}
