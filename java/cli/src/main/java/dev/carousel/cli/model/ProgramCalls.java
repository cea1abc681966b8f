package dev.carousel.cli.model;

import dev.carousel.cli.console.Table;
import dev.carousel.formats.json.Json;
import dev.carousel.kit.Fusion;
import dev.carousel.spi.form.Program;
import java.util.ArrayList;
import java.util.List;

/**
 * How a device goes through a Program: which of its steps, as they are numbered in its listing, run as one call.
 *
 * @param parts the steps that run together, in order
 */
record ProgramCalls(String device, List<Part> parts) {
  /**
   * Steps that stand one behind the other.
   *
   * @param layers how many directions of recurrent layers they are; 0 of a step that runs alone
   */
  record Part(int first, int last, int layers) {}

  static ProgramCalls of(Program program, String device) {
    boolean fuses = device.startsWith("cpu/fused") || device.startsWith("opencl/");
    List<Part> parts = new ArrayList<>();
    int next = 1;
    for (Fusion.Part part : Fusion.of(program).parts()) {
      int layers = part instanceof Fusion.Layers several ? several.layers().size() : 0;
      int steps = Math.max(1, 2 * layers); // a product over all steps, and the scan behind it
      if (fuses) {
        parts.add(new Part(next, next + steps - 1, layers));
      } else {
        for (int step = next; step < next + steps; step++) {
          parts.add(new Part(step, step, 0));
        }
      }
      next += steps;
    }
    return new ProgramCalls(device, parts);
  }

  Table table() {
    Table table = new Table();
    table.add("steps", "on " + device);
    for (Part part : parts) {
      table.add(part.first == part.last ? Integer.toString(part.first) : part.first + " to " + part.last, words(part));
    }
    return table;
  }

  private static String words(Part part) {
    return switch (part.layers) {
      case 0 -> "step by step";
      case 1 -> "one call: a recurrent layer in one direction";
      default -> "one call: recurrent layers in " + part.layers + " directions, at the same time";
    };
  }

  Json json() {
    return Json.object("device", device, "calls", parts.stream().map(part -> Json.object("first", part.first, "last",
        part.last, "layers", part.layers)).toList());
  }
}
