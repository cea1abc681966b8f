package dev.carousel.cli.model;

import dev.carousel.Order;
import dev.carousel.cli.console.WrongCall;
import dev.carousel.formats.ModelFiles;
import dev.carousel.formats.data.FormatException;
import dev.carousel.formats.json.Json;
import dev.carousel.formats.model.SavedModel;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Locale;
import java.util.UUID;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Turns a model file into one of another format. */
@Command(name = "convert", mixinStandardHelpOptions = true, sortOptions = false, description = {
    "Writes a model in another format, reads it back, and runs both on the same random batch to see that they agree."}, footer = {
        "", "Example:", "  carousel convert tagger.h5 tagger.onnx",
        "  carousel convert tagger.onnx tagger.safetensors --to pytorch"})
public final class ConvertCommand implements Callable<Integer> {
  @Spec
  private CommandSpec spec;

  @Parameters(index = "0", paramLabel = "IN", description = "The model file to read.")
  private Path in;

  @Parameters(index = "1", paramLabel = "OUT", description = {"The model file to write: .onnx, or .safetensors."})
  private Path out;

  @Option(names = "--layout", paramLabel = "time|batch", converter = LayoutConverter.class, description = {
      "What comes first in the arrays of the model that is written, where that is to change."})
  private @Nullable Order layout;

  @Option(names = "--tolerance", paramLabel = "X", defaultValue = "1e-5", description = {
      "The largest difference that is let pass, relative to numbers above 1; ${DEFAULT-VALUE}."})
  private double tolerance;

  @Option(names = "--force", description = "Write over a file that is there.")
  private boolean force;

  @Option(names = "--json", description = "Print an object for machines.")
  private boolean json;

  /** For picocli. */
  public ConvertCommand() {}

  @Override
  public Integer call() throws Exception {
    WrongCall.check(force || !Files.exists(out), "%s is there already. Name another file, or add --force.", out);
    WrongCall.check(tolerance >= 0, "--tolerance is %s; it cannot be negative.", tolerance);
    SavedModel read = ModelFiles.read(in);
    SavedModel model = layout == null ? read : read.signature(LayoutConverter.arranged(read.signature(), layout));
    Path part = out.resolveSibling(".carousel-" + UUID.randomUUID() + "-" + out.getFileName());
    double difference;
    try {
      ModelFiles.write(part, model);
      difference = Comparison.largest(model, ModelFiles.read(part));
      FormatException.check(difference <= tolerance, "%s was not kept: what was written differs from %s by up to %.3g,"
          + " more than %.3g.", out, in, difference, tolerance);
      Files.move(part, out, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      Files.deleteIfExists(part);
    }
    PrintWriter results = spec.commandLine().getOut();
    if (json) {
      results.println(Json.object("in", in.toString(), "out", out.toString(), "format", model.origin(), "bytes",
          Files.size(out), "difference", difference).pretty());
    } else {
      results.println(String.format(Locale.ROOT, "%s, %,d bytes: on a random batch it differs from %s by at most %.3g.",
          out, Files.size(out), in, difference));
    }
    return 0;
  }
}
