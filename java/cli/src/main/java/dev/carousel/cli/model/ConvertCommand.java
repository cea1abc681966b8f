package dev.carousel.cli.model;

import dev.carousel.Network;
import dev.carousel.cli.console.WrongCall;
import dev.carousel.formats.ModelFiles;
import dev.carousel.formats.json.Json;
import dev.carousel.formats.model.SavedModel;
import dev.carousel.spi.Order;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Turns a model file into one of another format. */
@Command(name = "convert", mixinStandardHelpOptions = true, sortOptions = false, description = {
    "Writes a model in another format, reads it back, and runs both on the same random batch to see that they agree."}, footer = {
        "", "Example:", "  carousel convert tagger.h5 tagger.onnx",
        "  carousel convert tagger.onnx tagger.safetensors --to pytorch",
        "  carousel convert tagger.onnx encoder.onnx --until encoder"})
public final class ConvertCommand implements Callable<Integer> {
  @Spec
  private CommandSpec spec;

  @Parameters(index = "0", paramLabel = "IN", description = "The model file to read.")
  private Path in;

  @Parameters(index = "1", paramLabel = "OUT", description = {"The model file to write: .onnx, or .safetensors."})
  private Path out;

  @Option(names = "--to", paramLabel = "FORMAT", converter = FormatConverter.class, description = {
      "carousel, pytorch or onnx; where it is not given, the name of OUT decides: .onnx is ONNX, .safetensors is"
          + " Carousel's own."})
  private ModelFiles.@Nullable Format to;

  @Option(names = "--from", paramLabel = "NODE", split = ",", description = {
      "Cuts off what stands before these nodes or inputs: what they give becomes an input."})
  private List<String> from = List.of();

  @Option(names = "--until", paramLabel = "NODE", split = ",", description = {
      "Cuts off what stands behind these nodes or outputs: what they give is what comes out."})
  private List<String> until = List.of();

  @Mixin
  private FixedInputs fixed;

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
    WrongCall.check(tolerance >= 0, "--tolerance is %s; it cannot be negative.", tolerance);
    Conversion conversion = new Conversion(out, format(), force);
    SavedModel read = part(fixed.read(in, Map.of()));
    SavedModel model = layout == null ? read : read.signature(LayoutConverter.arranged(read.signature(), layout));
    double difference = conversion.write(model, in, tolerance);
    PrintWriter results = spec.commandLine().getOut();
    if (json) {
      results.println(Json.object("in", in.toString(), "out", out.toString(), "from", model.origin(), "to",
          format().name().toLowerCase(Locale.ROOT), "bytes", Files.size(out), "difference", difference).pretty());
    } else {
      results.println(String.format(Locale.ROOT, "%s, %,d bytes: on a random batch it differs from %s by at most %.3g.",
          out, Files.size(out), in, difference));
    }
    return 0;
  }

  /** What is left between the nodes that were named. */
  private SavedModel part(SavedModel whole) {
    if (from.isEmpty() && until.isEmpty()) {
      return whole;
    }
    try {
      return whole.part(from, until.isEmpty()
          ? whole.network().outputs().stream().map(Network.Output::name).toList()
          : until);
    } catch (IllegalArgumentException unfit) {
      throw WrongCall.of("%s", String.valueOf(unfit.getMessage()));
    }
  }

  /** What was asked for, else what the file's name says. */
  private ModelFiles.Format format() {
    String name = out.toString().toLowerCase(Locale.ROOT);
    boolean onnx = name.endsWith(".onnx");
    WrongCall.check(onnx || name.endsWith(".safetensors"),
        "%s is to be written, and its name does not say as what: .onnx and .safetensors are written.", out);
    ModelFiles.Format usual = onnx ? ModelFiles.Format.ONNX : ModelFiles.Format.CAROUSEL;
    ModelFiles.Format wanted = to == null ? usual : to;
    WrongCall.check(onnx == (wanted == ModelFiles.Format.ONNX), "%s is to be written with --to %s, and its name says"
        + " something else: .onnx is for onnx, .safetensors for carousel and pytorch.", out,
        wanted.name().toLowerCase(Locale.ROOT));
    return wanted;
  }
}
