package dev.carousel.formats.model;

import static dev.carousel.spi.form.Check.argument;

import dev.carousel.Network;
import dev.carousel.formats.data.Element;
import dev.carousel.spi.Order;
import dev.carousel.spi.form.Slot;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The inputs and outputs that a model's author gave it, and the rules at a sequence's end that the author counts on.
 *
 * @param mask a step all of whose features are this value, or whose index it is, is not valid; valid steps come first
 */
public record Signature(List<Port> inputs, List<Port> outputs, Padding padding, Optional<Float> mask) {
  public Signature {
    inputs = List.copyOf(inputs);
    outputs = List.copyOf(outputs);
    argument(inputs.stream().anyMatch(port -> port.content() == Port.Content.ROWS),
        "A model has at least one input of rows, and these were given: %s.", inputs);
    argument(!outputs.isEmpty(), "A model has at least one output, and none was given.");
    checkNames(inputs);
    checkNames(outputs);
    for (Port input : inputs) {
      argument(input.content() != Port.Content.RESULTS, "The input %s holds %s, which only an output does.",
          input.name(), input.content());
    }
    for (Port output : outputs) {
      argument(output.content() == Port.Content.RESULTS || output.content() == Port.Content.STATES, "The output %s"
          + " holds %s, which only an input does.", output.name(), output.content());
      argument(!output.element().integer(), "The output %s is %s, and networks compute floats.", output.name(),
          output.element());
    }
    long lengths = inputs.stream().filter(port -> port.content() == Port.Content.LENGTHS).count();
    argument(lengths + (mask.isPresent() ? 1 : 0) <= 1, "One input of lengths or a mask says which steps are valid, and"
        + " there are %d such inputs%s.", lengths, mask.isPresent() ? " and a mask" : "");
    argument(Stream.concat(inputs.stream(), outputs.stream()).map(Port::hasBatch).distinct().count() == 1,
        "Some of the inputs and outputs have a dimension of sequences, and some do not: %s, %s.", inputs, outputs);
  }

  private static void checkNames(List<Port> ports) {
    Set<String> names = new HashSet<>();
    for (Port port : ports) {
      argument(names.add(port.name()), "Two ports are called %s, and a caller could not tell them apart.",
          port.name());
    }
  }

  /** Throws if these are not the inputs and outputs of a network: what they hold is what it has, and as wide. */
  void check(Network network) {
    Map<String, Integer> states = new LinkedHashMap<>();
    if (Stream.concat(inputs.stream(), outputs.stream()).anyMatch(port -> port.content() == Port.Content.STATES)) {
      network.lower().program().slots(Slot.Role.STATE).forEach(slot -> states.put(slot.name(), slot.columns()));
    }
    Set<String> given = new HashSet<>();
    for (Port input : inputs) {
      input.check(network, states);
      for (String part : input.parts()) {
        argument(given.add(part), "%s is given twice, the second time by the input %s.", part, input.name());
      }
    }
    for (Network.Input input : network.inputs()) {
      argument(given.contains(input.name()), "No input of the model holds %s, which the network reads: %s.",
          input.name(),
          inputs);
    }
    boolean steps = hasSteps(network);
    for (Port output : outputs) {
      output.check(network, states);
      if (output.content() == Port.Content.RESULTS) {
        Network.Rows rows = network.rows(output.parts().getFirst());
        boolean each = hasSteps(rows, steps);
        argument(output.hasSteps() == each, "The output %s is %s, and there is a row of results for each %s.",
            output.name(), output.dimensions(), each ? "step" : "sequence");
      }
    }
  }

  /** Whether rows of results have a dimension of steps, where the inputs have one or not. */
  static boolean hasSteps(Network.Rows rows, boolean given) {
    return rows.perStep() && (given || rows.axis().steps(1) != 1);
  }

  /** Whether the inputs have a dimension of steps where the network reads a row for each; else there is one step. */
  private boolean hasSteps(Network network) {
    List<Port> each = inputs.stream().filter(port -> port.content() == Port.Content.ROWS
        && network.rows(port.parts().getFirst()).perStep()).toList();
    boolean steps = each.stream().anyMatch(Port::hasSteps);
    for (Port input : each) {
      argument(input.hasSteps() == steps, "The input %s is %s, and another has a dimension of steps: give all of a row"
          + " for each step one.", input.name(), input.dimensions());
    }
    return steps;
  }

  /**
   * Every input and output of a network under its name, under Carousel's own rules. Where no input has a row for each
   * step, a run has one step.
   */
  public static Signature of(Network network, Order order) {
    boolean steps = network.inputs().stream().anyMatch(Network.Input::perStep);
    List<Port> inputs = network.inputs().stream().map(input -> port(input.name(), Port.Content.ROWS, input.perStep(),
        input.indices() ? Element.I32 : Element.F32, input.width(), input.indices() && input.width() == 1, order))
        .toList();
    List<Port> outputs = network.outputs().stream().map(output -> {
      Network.Rows rows = network.rows(output.name());
      return port(output.name(), Port.Content.RESULTS, hasSteps(rows, steps), Element.F32, rows.width(), false, order);
    }).toList();
    return new Signature(inputs, outputs, Padding.ZERO, Optional.empty());
  }

  private static Port port(String name, Port.Content content, boolean perStep, Element element, int width, boolean bare,
      Order order) {
    List<Axis> rows = !perStep ? List.of(Axis.BATCH)
        : order == Order.TIME_MAJOR ? List.of(Axis.STEPS, Axis.BATCH) : List.of(Axis.BATCH, Axis.STEPS);
    return new Port(name, content, List.of(name), element, bare ? rows : with(rows, width));
  }

  private static List<Axis> with(List<Axis> rows, int columns) {
    return Stream.concat(rows.stream(), Stream.of(Axis.columns(columns))).toList();
  }

  /** What is left of this for a part of its network; what is new there is under its name, in the same order. */
  Signature part(Network whole, Network part) {
    return new SignaturePart(this, whole, part).signature();
  }

  /** The first input of rows, of those that have steps if any has. */
  public Port rows() {
    List<Port> rows = inputs.stream().filter(port -> port.content() == Port.Content.ROWS).toList();
    return rows.stream().filter(Port::hasSteps).findFirst().orElse(rows.getFirst());
  }
}
