import dev.carousel.Dense;
import dev.carousel.Devices;
import dev.carousel.Initialisation;
import dev.carousel.Lstm;
import dev.carousel.Model;
import dev.carousel.Network;
import dev.carousel.Predictor;
import dev.carousel.Weights;
import dev.carousel.spi.Device;
import java.util.SplittableRandom;

/**
 * Runs one batch of sequences of mixed length through a small tagger, a stacked bidirectional LSTM with a softmax head,
 * on every device of this machine, and prints how fast each is and how far from the reference.
 */
final class Demo {
  private static final int STEPS = 40;
  private static final int BATCH = 32;
  private static final int INPUTS = 40;
  private static final int LABELS = 10;
  private static final double SECONDS = 1;
  private static final Network TAGGER = Network.of(Lstm.of(INPUTS, 48).bidirectional(), Lstm.of(96, 48).bidirectional(),
      Dense.of(96, LABELS).softmax());

  private Demo() {}

  private record Result(float[] scores, double sequencesPerSecond) {}

  public static void main(String[] arguments) {
    if (arguments.length > 0) {
      System.out.println("Takes no arguments: runs a small tagger on every device and prints a table.");
      System.exit(arguments[0].equals("--help") ? 0 : 2);
    }
    System.out.printf("%d sequences of up to %d steps through %d layers: %s%n%n", BATCH, STEPS, TAGGER.layers().size(),
        "Lstm 40 to 2 x 48, Lstm 96 to 2 x 48, Dense 96 to 10 with softmax");
    System.out.printf("%-20s %12s %12s   %s%n", "device", "sequences/s", "difference", "what it is");
    Result reference = run(Devices.byId("reference"));
    for (Device device : Devices.list()) {
      System.out.printf("%-20s %s   %s%n", device.id(), row(device, reference), device.description());
    }
  }

  private static String row(Device device, Result reference) {
    if (!device.available()) {
      return device.unavailable().orElse("");
    }
    try {
      Result result = device.id().equals("reference") ? reference : run(device);
      return String.format("%12.1f %12.1e", result.sequencesPerSecond(),
          difference(result.scores(), reference.scores()));
    } catch (RuntimeException failure) {
      return "failed: " + failure.getMessage();
    }
  }

  private static Result run(Device device) {
    SplittableRandom random = new SplittableRandom(1);
    float[] frames = new float[STEPS * BATCH * INPUTS];
    for (int i = 0; i < frames.length; i++) {
      frames[i] = (float) (2 * random.nextDouble() - 1);
    }
    int[] lengths = random.ints(BATCH, 1, STEPS + 1).toArray();
    float[] scores = new float[STEPS * BATCH * LABELS];
    try (Model model = Model.compile(TAGGER, Weights.seeded(TAGGER, Initialisation.PYTORCH, 1), device);
        Predictor predictor = model.newPredictor(STEPS, BATCH)) {
      predictor.predict(frames, STEPS, BATCH, lengths, scores);
      long start = System.nanoTime();
      int runs = 0;
      while (System.nanoTime() - start < SECONDS * 1e9) {
        predictor.predict(frames, STEPS, BATCH, lengths, scores);
        runs++;
      }
      return new Result(scores, runs * BATCH / ((System.nanoTime() - start) * 1e-9));
    }
  }

  private static double difference(float[] left, float[] right) {
    double largest = 0;
    for (int i = 0; i < left.length; i++) {
      // Written so that a NaN counts as infinitely far.
      double apart = Math.abs((double) left[i] - right[i]);
      largest = apart <= largest ? largest : Double.isNaN(apart) ? Double.POSITIVE_INFINITY : apart;
    }
    return largest;
  }
}
