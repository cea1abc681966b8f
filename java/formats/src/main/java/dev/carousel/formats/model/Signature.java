package dev.carousel.formats.model;

import static dev.carousel.spi.Check.argument;

import dev.carousel.Network;
import dev.carousel.Order;
import dev.carousel.formats.data.Element;
import java.util.List;
import java.util.Optional;
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
    argument(inputs.stream().filter(port -> port.content() == Port.Content.ROWS).count() == 1,
        "A model has one input of rows, and these were given: %s.", inputs);
    argument(!outputs.isEmpty(), "A model has at least one output, and none was given.");
  }

  /** An input of rows called {@code input}, and results called {@code output}, under Carousel's own rules. */
  public static Signature of(Network network, Order order) {
    Element element = network.takesIndices() ? Element.I32 : Element.F32;
    List<Axis> rows = order == Order.TIME_MAJOR ? List.of(Axis.STEPS, Axis.BATCH) : List.of(Axis.BATCH, Axis.STEPS);
    Port input = new Port("input", Port.Content.ROWS, List.of(), element,
        network.takesIndices() ? rows : with(rows, network.inputs()));
    Port output = new Port("output", Port.Content.RESULTS, List.of(), Element.F32,
        with(network.returnsSequence() ? rows : List.of(Axis.BATCH), network.outputs()));
    return new Signature(List.of(input), List.of(output), Padding.ZERO, Optional.empty());
  }

  private static List<Axis> with(List<Axis> rows, int columns) {
    return Stream.concat(rows.stream(), Stream.of(Axis.columns(columns))).toList();
  }

  /** The input of rows. */
  public Port rows() {
    return inputs.stream().filter(port -> port.content() == Port.Content.ROWS).findFirst().orElseThrow();
  }
}
