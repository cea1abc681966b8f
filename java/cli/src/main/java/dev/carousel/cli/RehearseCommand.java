package dev.carousel.cli;

import dev.carousel.Devices;
import dev.carousel.Initialisation;
import dev.carousel.Lstm;
import dev.carousel.Network;
import dev.carousel.Weights;
import dev.carousel.cli.console.WrongCall;
import dev.carousel.formats.ModelFiles;
import dev.carousel.formats.data.NdArray;
import dev.carousel.formats.model.SavedModel;
import dev.carousel.formats.model.Signature;
import dev.carousel.formats.npy.Npy;
import dev.carousel.spi.Order;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;

/** Does once what calls do: the build runs it to record what the JVM need not work out again at each start. */
@Command(name = "rehearse", hidden = true)
final class RehearseCommand implements Callable<Integer> {
  private static final int INPUTS = 8;

  @Override
  public Integer call() throws IOException {
    Path folder = Files.createTempDirectory("carousel-rehearsal");
    try {
      calls(folder);
    } finally {
      try (Stream<Path> files = Files.list(folder)) {
        for (Path file : files.toList()) {
          Files.delete(file);
        }
      }
      Files.delete(folder);
    }
    return 0;
  }

  private static void calls(Path folder) throws IOException {
    Network network = Network.of(Lstm.of(INPUTS, INPUTS), Lstm.of(INPUTS, INPUTS).bidirectional());
    Weights weights = Weights.seeded(network, Initialisation.PYTORCH, 1);
    Path input = folder.resolve("x.npy");
    Npy.write(input, NdArray.of(List.of(2L, 1L, (long) INPUTS), new float[2 * INPUTS]));
    for (String name : new String[]{"model.safetensors", "model.onnx"}) {
      Path model = folder.resolve(name);
      ModelFiles.write(model, new SavedModel(network, weights, Signature.of(network, Order.TIME_MAJOR), "a rehearsal"));
      expect(0, "inspect", model.toString());
      expect(0, "run", model.toString(), "--input", input.toString(), "--output", folder.resolve("y.npy").toString());
    }
    expect(0, "--help");
    expect(2, "--no-such-option");
    Devices.list(backEnd -> !backEnd.equals("opencl")); // whose drivers are asked in processes of their own
  }

  private static void expect(int status, String... arguments) {
    StringWriter errors = new StringWriter();
    int given = Carousel.execute(new PrintWriter(new StringWriter()), new PrintWriter(errors), arguments);
    WrongCall.check(given == status, "carousel %s gave %d: %s", String.join(" ", arguments), given, errors);
  }
}
