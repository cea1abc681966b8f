package dev.carousel.formats.model;

import static dev.carousel.spi.Check.argument;

import dev.carousel.formats.data.Element;
import java.util.List;
import java.util.stream.Collectors;

/**
 * An input or output of a model, under its author's name and in its author's order.
 *
 * @param content which of our rows it holds
 * @param states of a STATES port, the names of the state vectors that make a row side by side
 * @param element what outputs are written as; inputs may be any floats, or any integers
 * @param axes the dimensions of the array; those of COLUMNS are together all columns of our row
 */
public record Port(String name, Content content, List<String> states, Element element, List<Axis> axes) {
  /** What a port holds. */
  public enum Content {
    ROWS, // The input of the network: a row of floats, or an index, for each step of each sequence
    LENGTHS, // The valid steps of each sequence
    STATES, // As an input the state before the first step, as an output that after the last; an input may be left out
    RESULTS // The output of the network
  }

  public Port {
    states = List.copyOf(states);
    axes = List.copyOf(axes);
    argument((content == Content.STATES) == !states.isEmpty(), "Port %s holds %s and names the states %s.", name,
        content, states);
  }

  /** How many columns a row of it has. */
  public int columns() {
    return axes.stream().filter(axis -> axis.kind() == Axis.Kind.COLUMNS).mapToInt(Axis::size).reduce(1,
        Math::multiplyExact);
  }

  /** The dimensions in words: {@code [batch, steps, 40]}. */
  public String dimensions() {
    return axes.stream().map(axis -> switch (axis.kind()) {
      case STEPS, REVERSED_STEPS -> "steps";
      case BATCH -> "batch";
      case COLUMNS -> Integer.toString(axis.size());
    }).collect(Collectors.joining(", ", "[", "]"));
  }
}
