package dev.carousel.formats.model;

import static dev.carousel.spi.form.Check.argument;

import dev.carousel.Network;
import dev.carousel.formats.data.Element;
import dev.carousel.formats.data.Names;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;

/**
 * An input or output of a model, under its author's name and in its author's order.
 *
 * @param content which of our rows it holds
 * @param parts what makes a row side by side: of ROWS inputs of the network, of RESULTS outputs of it, of STATES state
 *          vectors, by their names. With none named, ROWS are the input called input, RESULTS the output called output
 * @param element what outputs are written as; inputs may be any floats, or any integers
 * @param axes the dimensions of the array; those of COLUMNS are together all columns of our row
 */
public record Port(String name, Content content, List<String> parts, Element element, List<Axis> axes) {
  /** What a port holds. */
  public enum Content {
    ROWS, // The input of the network: a row of floats, or an index, for each step of each sequence
    LENGTHS, // The valid steps of each sequence
    STATES, // As an input the state before the first step, as an output that after the last; an input may be left out
    RESULTS // The output of the network
  }

  public Port {
    parts = parts.isEmpty() ? usual(content) : List.copyOf(parts);
    axes = List.copyOf(axes);
    argument(!name.isEmpty(), "A port of %s was given no name; a caller needs one.", content);
    argument((content == Content.LENGTHS) == parts.isEmpty(), "Port %s holds %s and names the parts %s.", name, content,
        parts);
    argument(count(axes, Axis.Kind.BATCH) <= 1 && count(axes, Axis.Kind.STEPS) + count(axes,
        Axis.Kind.REVERSED_STEPS) <= 1, "Port %s has %s, and one dimension counts steps, and one sequences.", name,
        axes);
    checkColumns(name, axes);
    argument(content != Content.LENGTHS || (element.integer() && columns(axes) == 1), "Port %s holds %s, one integer a"
        + " sequence, and is %s in %d columns.", name, content, element, columns(axes));
    argument(content == Content.ROWS || content == Content.RESULTS || !hasSteps(axes), "Port %s holds %s, which there"
        + " are once a sequence, and has a dimension of steps.", name, content);
  }

  /** The parts of a port that names none. */
  static List<String> usual(Content content) {
    return switch (content) {
      case ROWS -> List.of("input");
      case RESULTS -> List.of("output");
      case LENGTHS, STATES -> List.of();
    };
  }

  private static long count(List<Axis> axes, Axis.Kind kind) {
    return axes.stream().filter(axis -> axis.kind() == kind).count();
  }

  private static boolean hasSteps(List<Axis> axes) {
    return count(axes, Axis.Kind.STEPS) + count(axes, Axis.Kind.REVERSED_STEPS) > 0;
  }

  private static int columns(List<Axis> axes) {
    return axes.stream().filter(axis -> axis.kind() == Axis.Kind.COLUMNS).mapToInt(Axis::size).reduce(1,
        Math::multiplyExact);
  }

  /** Each column has one place: the groups of a dimension lie as far apart as all that is in one of them. */
  private static void checkColumns(String name, List<Axis> axes) {
    long inside = 1;
    for (Axis axis : axes.stream().filter(axis -> axis.size() > 1).sorted(Comparator.comparingInt(Axis::stride))
        .toList()) {
      argument(axis.stride() == inside, "Port %s has the dimensions %s, of which one has %d columns %d apart, and in"
          + " each there are %d: they do not tell all columns apart.", name, axes, axis.size(), axis.stride(), inside);
      inside *= axis.size();
      argument(inside <= Integer.MAX_VALUE, "Port %s has the dimensions %s, of more columns than %d.", name, axes,
          Integer.MAX_VALUE);
    }
  }

  /** How many columns a row of it has. */
  public int columns() {
    return columns(axes);
  }

  /** Whether it has a dimension that counts steps, forwards or backwards. */
  public boolean hasSteps() {
    return hasSteps(axes);
  }

  /** Whether it has a dimension that counts sequences; without one it is for a single sequence. */
  public boolean hasBatch() {
    return count(axes, Axis.Kind.BATCH) > 0;
  }

  /** Throws if it is none of a network that has these states: it is as wide as what it holds. */
  void check(Network network, Map<String, Integer> widths) {
    long width = switch (content) {
      case ROWS -> rows(network, network.inputs().stream().map(Network.Input::name).toList());
      case LENGTHS -> 1;
      case RESULTS -> rows(network, network.outputs().stream().map(Network.Output::name).toList());
      case STATES -> {
        for (String state : parts) {
          argument(widths.containsKey(state), "Port %s holds the state %s, and this network has %s.", name, state,
              Names.some(widths.keySet()));
        }
        yield parts.stream().mapToLong(state -> Objects.requireNonNull(widths.get(state))).sum();
      }
    };
    argument(columns() == width, "Port %s is %s, of %d columns, and what it holds, %s, has %d.", name, dimensions(),
        columns(), content, width);
  }

  /** The width of its parts together, which are among the inputs or outputs of a network, with the same steps. */
  private long rows(Network network, List<String> names) {
    for (String part : parts) {
      argument(names.contains(part), "Port %s holds %s of %s, and this network has %s.", name, content, part, names);
    }
    List<Network.Rows> rows = parts.stream().map(network::rows).toList();
    Network.Rows first = rows.getFirst();
    for (Network.Rows other : rows) {
      argument(other.perStep() == first.perStep() && other.axis().equals(first.axis()),
          "Port %s holds %s side by side: they differ in their steps. Give each kind a port of its own.", name, parts);
    }
    argument(first.perStep() || !hasSteps(), content == Content.ROWS
        ? "The input %s is %s, and the network reads a row for each sequence there."
        : "The output %s is %s, and there is a row of results for each sequence.", name, dimensions());
    return rows.stream().mapToLong(Network.Rows::width).sum();
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
