package dev.carousel.cli.run;

import dev.carousel.Devices;
import dev.carousel.FinalState;
import dev.carousel.Lowered;
import dev.carousel.Network;
import dev.carousel.cli.console.Table;
import dev.carousel.formats.json.Json;
import dev.carousel.formats.model.SavedModel;
import dev.carousel.spi.Backend;
import dev.carousel.spi.CompileOptions;
import dev.carousel.spi.Device;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;

/**
 * How long a device takes for each layer of a network, alone and on random numbers. The steps of a Program that make a
 * layer are timed together, since most devices run them as one; what passes from layer to layer is in no time.
 *
 * @param whole the seconds of all layers as one network, which need not be the sum
 */
record Profile(Device device, int threads, int steps, int sequences, List<Entry> entries, double whole) {

  /**
   * A layer, with the final states that need it.
   *
   * @param layer the name of its node
   * @param steps what it runs, in the words of its Program's listing
   */
  record Entry(String layer, String type, List<String> steps, double seconds) {}

  static Profile of(SavedModel model, Device device, CompileOptions options, int steps, int sequences) {
    Network network = model.network();
    List<Entry> entries = new ArrayList<>();
    try (Backend backend = Devices.open(device)) {
      Set<String> done = new HashSet<>();
      for (Network.Node node : network.nodes()) {
        if (!done.contains(node.name())) {
          List<Network.Node> together = together(network, node);
          together.forEach(one -> done.add(one.name()));
          SavedModel part = model.part(node.reads(), together.stream().map(Network.Node::name).toList());
          Lowered lowered = part.network().lower();
          double seconds = Stopwatch.seconds(backend, lowered, options, lowered.parameters(part.weights()),
              steps(network, node, steps), sequences);
          entries.add(new Entry(node.name(), name(together), listing(lowered), seconds));
        }
      }
      Lowered lowered = network.lower();
      return new Profile(device, options.threads(), steps, sequences, entries,
          Stopwatch.seconds(backend, lowered, options, lowered.parameters(model.weights()), steps, sequences));
    }
  }

  /** A node, and with a recurrent one those that select the state that it ends with. */
  private static List<Network.Node> together(Network network, Network.Node node) {
    List<Network.Node> together = new ArrayList<>(List.of(node));
    for (Network.Node other : network.nodes()) {
      if (other.layer() instanceof FinalState && other.reads().getFirst().equals(node.name())) {
        together.add(other);
      }
    }
    return together;
  }

  /** The steps of what a node reads, where the run has so many. */
  private static int steps(Network network, Network.Node node, int given) {
    return node.reads().stream().map(read -> Objects.requireNonNull(network.values().get(read)))
        .filter(Network.Rows::perStep).mapToInt(rows -> rows.axis().steps(given)).findFirst().orElse(given);
  }

  private static String name(List<Network.Node> nodes) {
    return String.join(", ", nodes.stream().map(Network.Node::layer).map(layer -> layer.getClass().getSimpleName() + " "
        + layer.inputs() + " to " + layer.outputs()).toList());
  }

  /** The numbered lines: of a scan its first one. */
  private static List<String> listing(Lowered lowered) {
    return lowered.program().toString().lines().filter(line -> line.matches(" *\\d+  .*"))
        .map(line -> line.replaceFirst(" *\\d+  ", "")).toList();
  }

  void print(PrintWriter out) {
    double sum = entries.stream().mapToDouble(Entry::seconds).sum();
    out.println(
        String.format(Locale.ROOT, "%s, at most %d threads, %d steps of %d sequences; each layer alone on random"
            + " numbers, the median of several runs:", device.id(), threads, steps, sequences));
    Table table = new Table();
    for (Entry entry : entries) {
      table.add(entry.layer(), entry.type(), milliseconds(entry.seconds()),
          String.format(Locale.ROOT, "%3.0f %%", 100 * entry.seconds() / sum), String.join("; ", entry.steps()));
    }
    table.add("", "the whole network", milliseconds(whole), "");
    table.print(out);
  }

  private static String milliseconds(double seconds) {
    return String.format(Locale.ROOT, "%10.3f ms", seconds * 1e3);
  }

  Json json() {
    return Json.object("steps", steps, "sequences", sequences, "wholeSeconds", whole, "layers",
        entries.stream().map(entry -> Json.object("layer", entry.layer(), "type", entry.type(), "steps",
            entry.steps(), "seconds", entry.seconds())).toList());
  }
}
