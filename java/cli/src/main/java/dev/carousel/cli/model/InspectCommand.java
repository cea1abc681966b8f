package dev.carousel.cli.model;

import static dev.carousel.spi.form.Axis.RUN;

import dev.carousel.Network;
import dev.carousel.cli.console.Table;
import dev.carousel.cli.console.WrongCall;
import dev.carousel.formats.json.Json;
import dev.carousel.formats.model.Axis;
import dev.carousel.formats.model.Padding;
import dev.carousel.formats.model.Port;
import dev.carousel.formats.model.SavedModel;
import dev.carousel.formats.model.Signature;
import dev.carousel.spi.form.Program;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Says what is in a model file. */
@Command(name = "inspect", mixinStandardHelpOptions = true, description = {
    "Says what is in a model file: its layers, their parameters, its inputs and outputs."}, footer = {"", "Example:",
        "  carousel inspect tagger.onnx --program"})
public final class InspectCommand implements Callable<Integer> {
  @Spec
  private CommandSpec spec;

  @Parameters(paramLabel = "MODEL", description = "An .onnx, .safetensors, .keras or .h5 file.")
  private Path file;

  @Option(names = "--program", description = "Print the Program too that the network is lowered to.")
  private boolean program;

  @Option(names = {"-d", "--device"}, paramLabel = "ID", description = {
      "With --program: say which of its steps run as one call on this device, and which one by one."})
  private @Nullable String device;

  @Mixin
  private FixedInputs fixed;

  @Option(names = "--json", description = "Print an object for machines.")
  private boolean json;

  /** For picocli. */
  public InspectCommand() {}

  @Override
  public Integer call() throws Exception {
    WrongCall.check(device == null || program, "--device says how a Program runs there. Add --program.");
    SavedModel model = fixed.read(file, Map.of());
    long bytes = Files.size(file);
    PrintWriter out = spec.commandLine().getOut();
    if (json) {
      out.println(json(model, bytes).pretty());
    } else {
      print(model, bytes, out);
    }
    return 0;
  }

  private static List<LayerFacts> layers(SavedModel model) {
    return model.network().layers().stream().map(LayerFacts::of).toList();
  }

  private void print(SavedModel model, long bytes, PrintWriter out) {
    List<LayerFacts> layers = layers(model);
    Table facts = new Table();
    facts.add("file", file);
    facts.add("format", model.origin());
    long parameters = layers.stream().mapToLong(LayerFacts::parameters).sum();
    facts.add("parameters", String.format(Locale.ROOT, "%,d, %,d bytes as floats; the file has %,d", parameters,
        4 * parameters, bytes));
    ports(facts, "input", model.signature().inputs());
    ports(facts, "output", model.signature().outputs());
    facts.add("padding", padding(model.signature()));
    facts.print(out);
    out.println();
    (model.network().isList() ? list(layers) : graph(model.network(), layers)).print(out);
    if (program) {
      Program lowered = model.network().lower().program();
      out.println();
      out.print(lowered);
      if (device != null) {
        out.println();
        ProgramCalls.of(lowered, device).table().print(out);
      }
    }
  }

  private static Table list(List<LayerFacts> layers) {
    Table table = new Table();
    table.add("layer", "", "inputs", "outputs", "parameters", "directions", "options");
    for (int i = 0; i < layers.size(); i++) {
      LayerFacts layer = layers.get(i);
      table.add(i, layer.type(), layer.inputs(), layer.outputs(), String.format(Locale.ROOT, "%,d",
          layer.parameters()), layer.directions().orElse("-"), String.join(", ", layer.options()));
    }
    return table;
  }

  /** The nodes with what each reads and gives, between the network's inputs and outputs. */
  private static Table graph(Network network, List<LayerFacts> layers) {
    Map<String, Network.Rows> values = network.values();
    Table table = new Table();
    table.add("node", "", "reads", "rows", "parameters", "directions", "options");
    network.inputs().forEach(input -> table.add(input.name(), "input", "-", rows(values, input.name()), "0", "-", ""));
    for (int i = 0; i < layers.size(); i++) {
      LayerFacts layer = layers.get(i);
      Network.Node node = network.nodes().get(i);
      table.add(node.name(), layer.type(), String.join(", ", node.reads()), rows(values, node.name()),
          String.format(Locale.ROOT, "%,d", layer.parameters()), layer.directions().orElse("-"),
          String.join(", ", layer.options()));
    }
    network.outputs()
        .forEach(output -> table.add(output.name(), "output", output.from(), rows(values, output.from()), "0",
            "-", ""));
    return table;
  }

  /** {@code 40 a step}, {@code 40 at (T-1)/2+1 steps}, {@code 40 a sequence}. */
  private static String rows(Map<String, Network.Rows> values, String name) {
    Network.Rows rows = Objects.requireNonNull(values.get(name));
    String of = rows.width() + (rows.indices() ? rows.width() == 1 ? " index" : " indices" : "");
    return !rows.perStep() ? of + " a sequence"
        : rows.axis().equals(RUN) ? of + " a step" : of + " at " + rows.axis() + " steps";
  }

  /** {@code x: f32 [batch, steps, 40]}, with what it holds where its name may not say so. */
  private static void ports(Table table, String what, List<Port> ports) {
    for (Port port : ports) {
      String holds = switch (port.content()) {
        case ROWS, RESULTS -> port.parts().size() > 1 ? ", " + String.join(" beside ", port.parts()) : "";
        case LENGTHS -> ", the valid steps of each sequence";
        case STATES -> ", the state " + String.join(" and ", port.parts());
      };
      String reversed = port.axes().contains(Axis.REVERSED_STEPS) ? ", the last step first" : "";
      table.add(what, port.name() + ": " + element(port) + " " + port.dimensions() + holds + reversed);
    }
  }

  private static String element(Port port) {
    return port.element().name().toLowerCase(Locale.ROOT);
  }

  private static String padding(Signature signature) {
    String behind = switch (signature.padding()) {
      case ZERO -> "0 behind a sequence's end";
      case ZERO_BEFORE_DENSE -> "behind a sequence's end what the dense layers make of 0";
      case REPEAT -> "behind a sequence's end its last row again";
    };
    return behind + signature.mask().map(mask -> "; steps of " + mask + " alone are not valid").orElse("");
  }

  private Json json(SavedModel model, long bytes) {
    List<LayerFacts> layers = layers(model);
    Map<String, Object> members = new LinkedHashMap<>();
    members.put("file", file.toString());
    members.put("format", model.origin());
    members.put("bytes", bytes);
    members.put("parameters", layers.stream().mapToLong(LayerFacts::parameters).sum());
    members.put("inputs", model.signature().inputs().stream().map(InspectCommand::json).toList());
    members.put("outputs", model.signature().outputs().stream().map(InspectCommand::json).toList());
    members.put("padding", lower(model.signature().padding()));
    model.signature().mask().ifPresent(mask -> members.put("mask", mask));
    Network network = model.network();
    members.put(network.isList() ? "layers" : "nodes", IntStream.range(0, layers.size()).mapToObj(i -> {
      LayerFacts layer = layers.get(i);
      Map<String, Object> facts = new LinkedHashMap<>();
      if (!network.isList()) {
        facts.put("name", network.nodes().get(i).name());
        facts.put("reads", network.nodes().get(i).reads());
      }
      facts.put("type", layer.type());
      facts.put("inputs", layer.inputs());
      facts.put("outputs", layer.outputs());
      layer.directions().ifPresent(directions -> facts.put("directions", directions));
      facts.put("options", layer.options());
      facts.put("parameters", layer.parameters());
      return facts;
    }).toList());
    if (program) {
      Program lowered = network.lower().program();
      members.put("program", lowered.toString().lines().toList());
      if (device != null) {
        members.put("runs", ProgramCalls.of(lowered, device).json());
      }
    }
    return Json.of(members);
  }

  private static String lower(Padding padding) {
    return padding.name().toLowerCase(Locale.ROOT);
  }

  private static Json json(Port port) {
    return Json.object("name", port.name(), "holds", port.content().name().toLowerCase(Locale.ROOT), "element",
        element(port), "shape", port.axes().stream().map(axis -> switch (axis.kind()) {
          case STEPS -> (Object) "steps";
          case REVERSED_STEPS -> "reversed steps";
          case BATCH -> "batch";
          case COLUMNS -> axis.size();
        }).toList());
  }
}
