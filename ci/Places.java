import dev.carousel.Dense;
import dev.carousel.Devices;
import dev.carousel.Initialisation;
import dev.carousel.Lstm;
import dev.carousel.Model;
import dev.carousel.Network;
import dev.carousel.Weights;
import dev.carousel.formats.ModelFiles;
import dev.carousel.formats.data.NdArray;
import dev.carousel.formats.model.SavedModel;
import dev.carousel.formats.model.Signature;
import dev.carousel.formats.npy.Npy;
import dev.carousel.formats.run.BatchRun;
import dev.carousel.spi.Order;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/** What ci/places.sh runs beside the command: it makes models, and is a service that runs one. */
final class Places {
  private static final int INPUTS = 16;
  private static final long STEPS = 5;
  private static final long BATCH = 3;
  private static final int LARGE = 2048; // units; three layers have 336 MB of weights, one 68 MB

  private Places() {}

  public static void main(String[] arguments) throws IOException {
    switch (arguments[0]) {
      case "make" -> make(Path.of(arguments[1]));
      case "serve" -> serve(Path.of(arguments[1]), Path.of(arguments[2]), Path.of(arguments[3]));
      default -> throw new IllegalArgumentException(arguments[0]);
    }
  }

  private static void make(Path folder) throws IOException {
    write(folder.resolve("small.safetensors"),
        Network.of(Lstm.of(INPUTS, 96).bidirectional(), Lstm.of(192, 64), Dense.of(64, 10).softmax()));
    write(folder.resolve("large.safetensors"),
        Network.of(Lstm.of(INPUTS, LARGE), Lstm.of(LARGE, LARGE), Lstm.of(LARGE, LARGE)));
    write(folder.resolve("converted.onnx"), Network.of(Lstm.of(INPUTS, LARGE)));
    SplittableRandom random = new SplittableRandom(1);
    float[] frames = new float[(int) (STEPS * BATCH * INPUTS)];
    for (int i = 0; i < frames.length; i++) {
      frames[i] = (float) (2 * random.nextDouble() - 1);
    }
    Npy.write(folder.resolve("frames.npy"), NdArray.of(List.of(STEPS, BATCH, (long) INPUTS), frames));
  }

  private static void write(Path file, Network network) throws IOException {
    ModelFiles.write(file, new SavedModel(network, Weights.seeded(network, Initialisation.PYTORCH, 1),
        Signature.of(network, Order.TIME_MAJOR), "a place"));
  }

  /** As a program of its own does it, which knows what it refuses. */
  private static void serve(Path file, Path input, Path output) {
    try {
      SavedModel saved = ModelFiles.read(file);
      try (Model model = Model.compile(saved.network(), saved.weights(), Devices.byId("cpu/fused"))) {
        Map<String, NdArray> results = BatchRun.of(saved, Map.of("input", Npy.read(input)), null).run(model);
        Npy.write(output, results.values().iterator().next());
      }
    } catch (IOException | IllegalArgumentException refused) {
      System.err.println("service: " + refused.getMessage());
      System.exit(1);
    }
  }
}
