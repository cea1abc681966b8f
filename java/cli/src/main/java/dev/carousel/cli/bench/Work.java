package dev.carousel.cli.bench;

import dev.carousel.Devices;
import dev.carousel.Initialisation;
import dev.carousel.Model;
import dev.carousel.Network;
import dev.carousel.Predictor;
import dev.carousel.Weights;
import dev.carousel.cli.console.WrongCall;
import dev.carousel.cli.model.RandomRows;
import dev.carousel.conformance.Finding;
import dev.carousel.conformance.Tolerance;
import dev.carousel.formats.ModelFiles;
import dev.carousel.formats.model.SavedModel;
import dev.carousel.spi.CompileOptions;
import dev.carousel.spi.Device;
import dev.carousel.spi.form.GateGemm;
import dev.carousel.spi.form.Operation;
import dev.carousel.spi.form.Program;
import dev.carousel.spi.form.Scan;
import dev.carousel.spi.form.Slot;
import dev.carousel.spi.form.Step;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;

/** What all devices do in their turns: one forward pass over a batch of full sequences, the same numbers for each. */
record Work(Shape shape, Network network, Weights weights, Program program, int threads) {
  private static final long SEED = 1;

  static Work of(Shape shape, int threads) throws IOException {
    if (shape.cell()) {
      Network network = shape.network();
      return new Work(shape, network, Weights.seeded(network, Initialisation.PYTORCH, SEED), network.lower().program(),
          threads);
    }
    WrongCall.check(Files.exists(Path.of(shape.what())),
        "There is no file %s, and no cell of that name: those are lstm,"
            + " gru and rnn.",
        shape.what());
    SavedModel saved = ModelFiles.read(Path.of(shape.what()));
    return new Work(shape, saved.network(), saved.weights(), saved.network().lower().program(), threads);
  }

  Model compile(Device device) {
    return Model.compile(network, weights, device, new CompileOptions(threads));
  }

  Predictor predictor(Model model) {
    return model.newPredictor(shape.steps(), shape.batch());
  }

  /** The inputs and room for the outputs. */
  RandomRows rows() {
    return new RandomRows(network, shape.steps(), shape.batch());
  }

  /** The inputs by their names, time-major. */
  Map<String, MemorySegment> inputs() {
    return rows().inputs(new SplittableRandom(SEED));
  }

  /** What must come out, all outputs one behind the other. */
  MemorySegment expected() {
    MemorySegment result = rows().room();
    try (Model model = Model.compile(network, weights, Devices.byId("reference"));
        Predictor predictor = predictor(model)) {
      predictor.predict(inputs(), shape.steps(), shape.batch(), null, rows().outputs(result));
    }
    return result;
  }

  /** What is wrong with outputs. */
  Finding compare(MemorySegment expected, MemorySegment actual) {
    Map<String, MemorySegment> right = rows().outputs(expected);
    Map<String, MemorySegment> found = rows().outputs(actual);
    return network.outputs().stream().map(Network.Output::name)
        .map(name -> Tolerance.of(program).compare(network.isList() ? "the output" : "output " + name,
            network.rows(name).width(), floats(right, name), floats(found, name)))
        .reduce(Finding::and).orElseThrow();
  }

  private static float[] floats(Map<String, MemorySegment> rows, String name) {
    return Objects.requireNonNull(rows.get(name)).toArray(ValueLayout.JAVA_FLOAT_UNALIGNED);
  }

  /** The multiplications and additions of the matrix products of a pass. */
  double operations() {
    double sum = 0;
    for (Step step : program.forward()) {
      sum += switch (step) {
        case Scan scan -> scan.body().stream().mapToDouble(operation -> products(operation, true)).sum();
        case Operation operation -> products(operation, false);
      };
    }
    return sum;
  }

  private double products(Operation operation, boolean everyStep) {
    if (!(operation instanceof GateGemm gemm)) {
      return 0;
    }
    boolean steps = everyStep || gemm.in().slot().extent() == Slot.Extent.STEPS;
    return 2.0 * gemm.in().columns() * gemm.out().columns() * shape.batch()
        * (steps ? gemm.in().slot().axis().steps(shape.steps()) : 1);
  }
}
