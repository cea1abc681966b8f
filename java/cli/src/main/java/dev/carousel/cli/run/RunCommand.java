package dev.carousel.cli.run;

import dev.carousel.Model;
import dev.carousel.cli.console.Progress;
import dev.carousel.cli.console.WrongCall;
import dev.carousel.cli.devices.DeviceChoice;
import dev.carousel.cli.model.FixedInputs;
import dev.carousel.cli.model.LayoutConverter;
import dev.carousel.formats.data.MappedFile;
import dev.carousel.formats.data.NdArray;
import dev.carousel.formats.json.Json;
import dev.carousel.formats.model.SavedModel;
import dev.carousel.formats.npy.Npy;
import dev.carousel.formats.run.BatchRun;
import dev.carousel.spi.CompileOptions;
import dev.carousel.spi.Device;
import dev.carousel.spi.Order;
import java.io.IOException;
import java.io.PrintWriter;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Runs a model on arrays in files. */
@Command(name = "run", mixinStandardHelpOptions = true, sortOptions = false, description = {
    "Runs a model on arrays of numpy, in and out as the model's author laid them out. Files are mapped, and looked at a"
        + " part of the batch at a time, so they may be larger than memory."}, footer = {"",
            "A .npy file without a name is the input of rows, or the first output; a .npz file has the names in it.",
            "What 'carousel inspect' shows are the names. Weights that an ONNX graph takes as inputs are named too.",
            "", "Example:",
            "  carousel run tagger.onnx --input frames.npy --output scores.npy",
            "  carousel run tagger.onnx -i x=frames.npy -i h0=state.npy -o y=scores.npy -o hn=state.npy --threads 2"})
public final class RunCommand implements Callable<Integer> {
  private static final int ROWS = 1 << 16; // of a part, steps and sequences together
  private static final int SEQUENCES = 1024; // of a part, at most

  @Spec
  private CommandSpec spec;

  @Parameters(paramLabel = "MODEL", description = "An .onnx, .safetensors, .keras or .h5 file.")
  private Path file;

  @Option(names = {"-i", "--input"}, paramLabel = "[NAME=]FILE", required = true, description = {
      "A .npy or .npz file with an input."})
  private List<String> inputs;

  @Option(names = {"-o", "--output"}, paramLabel = "[NAME=]FILE", description = {
      "The .npy or .npz file that an output is to go to."})
  private List<String> outputs = List.of();

  @Option(names = "--lengths", paramLabel = "FILE", description = {
      "A .npy file with the valid steps of each sequence."})
  private @Nullable Path lengths;

  @Option(names = "--layout", paramLabel = "time|batch", converter = LayoutConverter.class, description = {
      "What comes first in the arrays, where that is not as the model's author has it."})
  private @Nullable Order layout;

  @Mixin
  private DeviceChoice choice;

  @Mixin
  private FixedInputs fixed;

  @Option(names = "--threads", paramLabel = "N", description = "The most threads; as many as there are processors.")
  private int threads = CompileOptions.defaults().threads();

  @Option(names = "--batch", paramLabel = "N", description = "The most sequences that run at once.")
  private @Nullable Integer part;

  @Option(names = "--profile", description = {"Print how long each layer takes, alone and on random numbers of the"
      + " same shape; the steps of the Program that make a layer run as one, and are timed as one."})
  private boolean profile;

  @Option(names = "--json", description = "Print an object for machines.")
  private boolean json;

  /** For picocli. */
  public RunCommand() {}

  @Override
  public Integer call() throws Exception {
    WrongCall.check(!outputs.isEmpty() || profile,
        "No output is named, so there is nothing to run for. Name one with --output.");
    WrongCall.check(threads > 0, "--threads is %d; at least 1 is needed.", threads);
    List<String> named = new ArrayList<>(inputs);
    SavedModel read = fixed.read(file, Inputs.weights(file, named));
    SavedModel model = layout == null ? read : read.signature(LayoutConverter.arranged(read.signature(), layout));
    try (Arena arena = Arena.ofConfined()) {
      return MappedFile.reading("an input or an output", () -> run(model, fit(model, named, arena)));
    }
  }

  private int run(SavedModel model, BatchRun run) throws IOException {
    Device device = choice.device();
    choice.fallback(device).ifPresent(reason -> spec.commandLine().getErr().println("carousel: " + reason));
    int most = part == null ? Math.clamp(ROWS / run.steps(), 1, SEQUENCES) : part;
    WrongCall.check(most > 0, "--batch is %d; at least 1 is needed.", most);
    CompileOptions options = new CompileOptions(threads);
    Optional<Throughput> throughput = outputs.isEmpty() ? Optional.empty()
        : Optional.of(write(model, run, device, options, most));
    Optional<Profile> times = !profile ? Optional.empty()
        : Optional.of(Profile.of(model, device, options, Math.clamp(ROWS / most, 1, run.steps()),
            Math.min(most, run.batch())));
    print(throughput, times);
    return 0;
  }

  private Throughput write(SavedModel model, BatchRun run, Device device, CompileOptions options, int most)
      throws IOException {
    try (Results results = Results.of(model, run, outputs);
        Model compiled = Model.compile(model.network(), model.weights(), device, options)) {
      Progress progress = new Progress(spec.commandLine().getErr(), run.rows());
      long start = System.nanoTime();
      run.run(compiled, most, results.targets(), progress::at);
      double seconds = (System.nanoTime() - start) * 1e-9;
      progress.end();
      results.complete();
      return new Throughput(device, threads, run.batch(), run.validSteps(), seconds, results.paths());
    }
  }

  private void print(Optional<Throughput> throughput, Optional<Profile> times) {
    PrintWriter out = spec.commandLine().getOut();
    if (json) {
      Map<String, Json> members = new LinkedHashMap<>();
      throughput.ifPresent(done -> members.put("run", done.json()));
      times.ifPresent(taken -> members.put("profile", taken.json()));
      out.println(Json.of(members).pretty());
    } else {
      throughput.ifPresent(spec.commandLine().getErr()::println);
      times.ifPresent(taken -> taken.print(out));
    }
  }

  /** What does not fit is the caller's to change. */
  private BatchRun fit(SavedModel model, List<String> named, Arena arena) throws IOException {
    NdArray valid = lengths == null ? null : Npy.read(lengths).array();
    try {
      return BatchRun.of(model, Inputs.map(model, named, arena), valid);
    } catch (IllegalArgumentException unfit) {
      throw WrongCall.of("%s", String.valueOf(unfit.getMessage()));
    }
  }
}
