package dev.carousel.cli.run;

import dev.carousel.Devices;
import dev.carousel.FinalState;
import dev.carousel.LastStep;
import dev.carousel.Layer;
import dev.carousel.Lowered;
import dev.carousel.Network;
import dev.carousel.Tensor;
import dev.carousel.Weights;
import dev.carousel.cli.console.Table;
import dev.carousel.formats.json.Json;
import dev.carousel.formats.model.SavedModel;
import dev.carousel.spi.Backend;
import dev.carousel.spi.CompileOptions;
import dev.carousel.spi.Device;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * How long a device takes for each layer of a network, alone and on random numbers. The steps of a Program that make a
 * layer are timed together, since most devices run them as one; what passes from layer to layer is in no time.
 *
 * @param whole the seconds of all layers as one network, which need not be the sum
 */
record Profile(Device device, int threads, int steps, int sequences, List<Entry> entries, double whole) {

  /**
   * A layer, with the selection behind it if that needs it.
   *
   * @param steps what it runs, in the words of its Program's listing
   */
  record Entry(int layer, String type, List<String> steps, double seconds) {}

  static Profile of(SavedModel model, Device device, CompileOptions options, int steps, int sequences) {
    List<Layer> layers = model.network().layers();
    List<Entry> entries = new ArrayList<>();
    try (Backend backend = Devices.open(device)) {
      int rows = steps; // a sequence
      for (int first = 0, end; first < layers.size(); first = end) {
        end = first + 1 < layers.size() && layers.get(first + 1) instanceof FinalState ? first + 2 : first + 1;
        Network part = Network.of(layers.subList(first, end));
        Lowered lowered = part.lower();
        double seconds = Stopwatch.seconds(backend, lowered, options, lowered.parameters(weights(model, first, part)),
            rows, sequences);
        entries.add(new Entry(first, name(part), listing(lowered), seconds));
        boolean selected = layers.get(end - 1) instanceof LastStep || layers.get(end - 1) instanceof FinalState;
        rows = selected ? 1 : rows;
      }
      Lowered lowered = model.network().lower();
      return new Profile(device, options.threads(), steps, sequences, entries,
          Stopwatch.seconds(backend, lowered, options, lowered.parameters(model.weights()), steps, sequences));
    }
  }

  private static String name(Network part) {
    return String.join(", ", part.layers().stream().map(layer -> layer.getClass().getSimpleName() + " "
        + layer.inputs() + " to " + layer.outputs()).toList());
  }

  /** The numbered lines: of a scan its first one. */
  private static List<String> listing(Lowered lowered) {
    return lowered.program().toString().lines().filter(line -> line.matches(" *\\d+  .*"))
        .map(line -> line.replaceFirst(" *\\d+  ", "")).toList();
  }

  /** The weights of some layers, which count from 0. */
  private static Weights weights(SavedModel model, int first, Network part) {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    for (Tensor.Shape shape : part.tensors()) {
      int dot = shape.name().indexOf('.');
      int layer = first + Integer.parseInt(shape.name().substring(0, dot));
      tensors.put(shape.name(), model.weights().tensor(layer + shape.name().substring(dot)));
    }
    return Weights.of(tensors);
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
