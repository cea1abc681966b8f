package dev.carousel.formats.onnx;

import dev.carousel.Network;
import dev.carousel.Recurrent;
import dev.carousel.formats.data.FormatException;
import dev.carousel.formats.model.Axis;
import dev.carousel.formats.model.Port;
import dev.carousel.spi.form.Slot;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The states of a network in a graph. A port that holds many has them in one array: {@code [states][batch][width]} where
 * they are of one width, as PyTorch does, else {@code [1][batch][widths]}.
 */
final class WrittenStates {

  /** A value and where in it, along an axis, a state stands; an end of the axis means all of it. */
  private record Place(String value, int axis, int from, int to, int all) {
    boolean continues(Place before) {
      return axis == 0 && before.axis == 0 && value.equals(before.value) && from == before.to;
    }

    Place with(Place next) {
      return new Place(value, axis, from, next.to, all);
    }
  }

  /** The dimensions of an array of states, and that along which they stand apart. */
  private record Stack(List<Axis> axes, int axis) {}

  private final WrittenGraph graph;
  private final WrittenAxes axes;
  private final Map<String, Integer> widths = new LinkedHashMap<>(); // of all states, by name
  private final Map<String, Place> initial = new LinkedHashMap<>();
  private final Map<String, Place> finals = new LinkedHashMap<>();

  WrittenStates(WrittenGraph graph, WrittenAxes axes, Network network) {
    this.graph = graph;
    this.axes = axes;
    network.lower().program().slots(Slot.Role.STATE).forEach(slot -> widths.put(slot.name(), slot.columns()));
  }

  private static String name(String node, String direction, String state) {
    return node + "." + direction + "." + state;
  }

  /** Takes the states of an input, whose value is of floats. */
  void given(Port port, String value) throws FormatException {
    Stack stack = stack(port);
    String array = axes.turn(port.name() + ".states", value, port.axes(), stack.axes);
    int at = 0;
    for (String state : port.parts()) {
      int to = at + (stack.axis == 0 ? 1 : width(state));
      Place place = new Place(array, stack.axis, at, to, stack.axes.get(stack.axis).size());
      FormatException.check(initial.put(state, place) == null, "The state %s is given by two inputs, %s one of them.",
          state, port.name());
      at = to;
    }
  }

  /** The initial states of a layer, {@code [directions][batch][width]}; empty where none were given. */
  String initial(String node, Recurrent layer, String state) throws FormatException {
    List<String> names = names(node, layer, state);
    List<Place> places = names.stream().filter(initial::containsKey).map(initial::get).toList();
    if (places.isEmpty()) {
      return "";
    }
    FormatException.check(places.size() == names.size(), "Of the states %s only some are an input, and ONNX's node"
        + " takes those of both directions or of neither. Give both.", names);
    return joined(node + ".initial_" + state, places, 0);
  }

  /** An initial state, {@code [1][batch][width]}; empty where none was given. */
  String initial(String state) {
    Place place = initial.get(state);
    return place == null ? "" : joined(state + ".initial", List.of(place), 0);
  }

  /** Notes a final state, {@code [1][batch][width]}. */
  void finals(String state, String value) {
    finals.put(state, new Place(value, 0, 0, 1, 1));
  }

  /** Notes the final states of a layer, {@code [directions][batch][width]}. */
  void finals(String node, Recurrent layer, String state, String value) {
    List<String> names = names(node, layer, state);
    for (int i = 0; i < names.size(); i++) {
      finals.put(names.get(i), new Place(value, 0, i, i + 1, names.size()));
    }
  }

  /** The value of an output of states, in its own order. */
  String taken(Port port) throws FormatException {
    Stack stack = stack(port);
    String name = port.name() + ".states";
    List<Place> places = port.parts().stream().map(finals::get).toList();
    return axes.turn(name, joined(name, places, stack.axis), stack.axes, port.axes());
  }

  private static List<String> names(String node, Recurrent layer, String state) {
    return WrittenGates.directions(layer).stream().map(direction -> name(node, direction, state)).toList();
  }

  /** The places side by side along an axis; those that follow each other are taken together. */
  private String joined(String name, List<Place> places, int axis) {
    List<Place> runs = new ArrayList<>();
    for (Place place : places) {
      boolean goesOn = axis == 0 && !runs.isEmpty() && place.continues(runs.getLast());
      runs.add(goesOn ? runs.removeLast().with(place) : place);
    }
    List<String> values = runs.stream().map(place -> sliced(name, place)).toList();
    return values.size() == 1 ? values.getFirst()
        : graph.node("Concat", name, values, WrittenAttribute.of("axis", axis));
  }

  private String sliced(String name, Place place) {
    return place.from == 0 && place.to == place.all ? place.value
        : graph.node("Slice", name + ".part", List.of(place.value, graph.integers(name + ".from", place.from),
            graph.integers(name + ".to", place.to), graph.integers(name + ".axis", place.axis)));
  }

  private Stack stack(Port port) throws FormatException {
    int first = width(port.parts().getFirst());
    boolean even = true;
    int sum = 0;
    for (String state : port.parts()) {
      even &= width(state) == first;
      sum += width(state);
    }
    return even
        ? new Stack(List.of(Axis.columns(port.parts().size(), first), Axis.BATCH, Axis.columns(first)), 0)
        : new Stack(List.of(Axis.one(), Axis.BATCH, Axis.columns(sum)), 2);
  }

  private int width(String state) throws FormatException {
    Integer width = widths.get(state);
    if (width == null) {
      throw FormatException.of("A port holds the state %s, and this network has %s.", state, widths.keySet());
    }
    return width;
  }
}
