package dev.carousel;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;
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

  @Test
  void aForgottenPredictorIsFreedAndReported() throws Exception {
    Logger logger = Logger.getLogger("dev.carousel.spi.Interpreter");
    Recorder recorder = new Recorder();
    logger.addHandler(recorder);
    Network network = Network.of(Rnn.of(1, 1));
    try (Model model = Model.compile(network, Weights.seeded(network, Initialisation.KERAS, 1),
        Devices.byId("reference"))) {
      model.newPredictor(1, 1).close();
      forget(model);
      for (int attempt = 0; recorder.messages.isEmpty() && attempt < 100; attempt++) {
        System.gc();
        Thread.sleep(20);
      }
    } finally {
      logger.removeHandler(recorder);
    }
    assertThat(recorder.messages).hasSize(1).first().asString().contains("was never closed", "Close sessions");
  }

  private static void forget(Model model) {
    assertThat(model.newPredictor(1, 1).bytes()).isPositive();
  }
}
