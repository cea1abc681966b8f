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
        through = false;
        tries = 0;
        Thread deep = new Thread(null, () -> fromTheBottom(predictor), "deep", 200_000 + 512L * (round % 128));
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
  private void fromTheBottom(Predictor predictor) {
    try {
      fromTheBottom(predictor);
    } catch (StackOverflowError full) {
      // From here on upwards, calls are made.
    }
    if (!through && tries++ < 400) {
      try {
        predictor.predict(1, 1);
        through = true;
      } catch (IllegalStateException failedMidway) {
        through = true; // an earlier one was cut short in the midst of a run
      }
    }
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
