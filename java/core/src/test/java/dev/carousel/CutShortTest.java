package dev.carousel;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** A call may be cut short anywhere, by a stack that is used up; after that a predictor works or can be closed. */
final class CutShortTest {
  private static final int ROUNDS = 300;
  private static final Network NETWORK = Network.of(Lstm.of(4, 4));

  private boolean through;
  private int tries;

  @Test
  void aPredictorOutlivesAStackOverflow() throws InterruptedException {
    int cut = 0;
    int worked = 0;
    try (Model model = Model.compile(NETWORK, Weights.seeded(NETWORK, Initialisation.PYTORCH, 1),
        Devices.byId("reference"))) {
      for (int round = 0; round < ROUNDS; round++) {
        Predictor predictor = model.newPredictor(2, 2);
        predictor.predict(1, 1);
        int turn = round % 3;
        through = false;
        tries = 0;
        Thread deep = new Thread(null, () -> fromTheBottom(predictor, call(predictor, turn)), "deep",
            200_000 + 512L * (round % 128));
        deep.start();
        deep.join();
        cut += tries > 1 ? 1 : 0;
        worked += works(predictor) ? 1 : 0;
        predictor.close();
      }
    }
    assertThat(cut).as("rounds in which a call was cut short").isGreaterThan(ROUNDS / 4);
    assertThat(worked).as("predictors that worked on").isPositive();
  }

  /** Calls from a little higher up the stack each time, until a call comes through. */
  @SuppressWarnings("InfiniteRecursion") // until the stack is full
  private void fromTheBottom(Predictor predictor, Runnable call) {
    try {
      fromTheBottom(predictor, call);
    } catch (StackOverflowError full) {
      // From here on upwards, calls are made.
    }
    if (!through && tries++ < 400) {
      try {
        call.run();
        through = true;
      } catch (IllegalStateException failedMidway) {
        through = true; // an earlier one was cut short in the midst of a run
      }
    }
  }

  /** A run, which may be cut short in its midst and fails from then on, or a call that leaves the predictor as it was. */
  private static Runnable call(Predictor predictor, int turn) {
    return switch (turn) {
      case 0 -> () -> predictor.predict(1, 1);
      case 1 -> () -> predictor.states().save(0);
      default -> () -> predictor.states().reset(0);
    };
  }

  private static boolean works(Predictor predictor) {
    try {
      predictor.predict(1, 1);
      return true;
    } catch (IllegalStateException refused) {
      assertThat(refused).hasMessageContaining("failed midway");
      return false;
    }
  }
}
