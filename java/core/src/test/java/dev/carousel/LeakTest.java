package dev.carousel;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class LeakTest {
  /** Keeps what is logged. */
  private static final class Recorder extends Handler {
    private final List<String> messages = new CopyOnWriteArrayList<>();

    @Override
    public void publish(LogRecord record) {
      messages.add(new SimpleFormatter().formatMessage(record));
    }

    @Override
    public void flush() {
      // Nothing is held back.
    }

    @Override
    public void close() {
      // Holds nothing.
    }
  }

  private final Logger logger = Logger.getLogger("dev.carousel.spi.runtime.Release");
  private final Recorder recorder = new Recorder();

  @BeforeEach
  void listen() {
    logger.addHandler(recorder);
  }

  @AfterEach
  void stopListening() {
    logger.removeHandler(recorder);
  }

  @Test
  void aForgottenPredictorIsFreedAndReported() throws InterruptedException {
    try (Model model = model()) {
      model.newPredictor(1, 1).close();
      forget(model);
      assertThat(reports(1)).hasSize(1).first().asString().contains("A session of", "was never closed",
          "Close sessions");
    }
  }

  @Test
  void aForgottenModelIsFreedAndReported() throws InterruptedException {
    model().close();
    forget(model());
    assertThat(reports(2)).as("the model's and its predictor's").hasSize(2)
        .anySatisfy(report -> assertThat(report).contains("A model of", "for reference",
            "was never closed", "Close models"));
  }

  /** Whoever has a predictor, or just its states, has the model. */
  @Test
  void aModelIsNotForgottenWhileItsPredictorIsThere() throws InterruptedException {
    try (Predictor predictor = model().newPredictor(1, 1)) {
      States states = predictor.states();
      for (int attempt = 0; attempt < 10; attempt++) {
        System.gc();
        Thread.sleep(10);
      }
      assertThat(predictor.predict(new float[1], 1, 1)).hasSize(1);
      assertThat(states.save(0)).hasSize(1);
      assertThat(recorder.messages).isEmpty();
    }
  }

  private List<String> reports(int count) throws InterruptedException {
    for (int attempt = 0; recorder.messages.size() < count && attempt < 100; attempt++) {
      System.gc();
      Thread.sleep(20);
    }
    return recorder.messages;
  }

  private static Model model() {
    Network network = Network.of(Rnn.of(1, 1));
    return Model.compile(network, Weights.seeded(network, Initialisation.KERAS, 1), Devices.byId("reference"));
  }

  private static void forget(Model model) {
    assertThat(model.newPredictor(1, 1).bytes()).isPositive();
  }
}
