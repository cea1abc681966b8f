package dev.carousel.formats.onnx;

import dev.carousel.Columns;
import dev.carousel.Directions;
import dev.carousel.FinalState;
import dev.carousel.Gru;
import dev.carousel.Layer;
import dev.carousel.Lstm;
import dev.carousel.Recurrent;
import dev.carousel.Rnn;
import dev.carousel.Tensor;
import dev.carousel.formats.data.FormatException;
import dev.carousel.formats.onnx.Piece.Rest;
import dev.carousel.formats.onnx.Piece.Source;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The inputs and layers that have been recognised so far, each known by its number. Nothing of them is changed: a layer
 * that does what another does and what stands behind it is one more, and which of them the network has shows when all
 * has been read, see {@link Assembly}.
 */
final class Nodes {
  private final List<Entry> entries = new ArrayList<>();
  private final Map<String, Integer> inputs = new HashMap<>(); // by name and kind
  private final Map<Form, Integer> derived = new HashMap<>();

  /** A layer and what it reads. */
  record Form(Layer layer, List<Integer> reads) {}

  /**
   * An input, which has no form, or a layer.
   *
   * @param name what it is to be called, as far as that name is free
   * @param tensors by their names within the layer
   * @param base the layer that this one does the work of, and of one behind it; -1 for none
   * @param behind what is behind that one, for when others read it too; null where this one is needed all the same
   */
  record Entry(String name, @Nullable Form form, int width, boolean indices, Map<String, Tensor> tensors, int base,
      @Nullable Form behind) {}

  /** A state vector of a layer. */
  record State(int node, int part, boolean cell) {}

  List<Entry> entries() {
    return entries;
  }

  int size() {
    return entries.size();
  }

  /** The rows that an input of the graph gives. */
  int input(String name, int width, boolean indices) {
    return inputs.computeIfAbsent(name + "\0" + indices, _ -> {
      entries.add(new Entry(name, null, width, indices, Map.of(), -1, null));
      return entries.size() - 1;
    });
  }

  /** The rows that an input of the graph gives; -1 where nothing reads them so. */
  int input(String name, boolean indices) {
    return inputs.getOrDefault(name + "\0" + indices, -1);
  }

  /** A layer. */
  int add(Place place, Layer layer, List<Integer> reads, Map<String, Tensor> tensors) throws FormatException {
    return add(place, new Entry(place.name(), new Form(layer, List.copyOf(reads)), layer.outputs(), false, tensors, -1,
        null));
  }

  /** A layer without tensors, of which one is enough. */
  int derive(Place place, Layer layer, Integer... reads) throws FormatException {
    return derive(place, layer, List.of(reads));
  }

  /** A layer without tensors, of which one is enough. */
  int derive(Place place, Layer layer, List<Integer> reads) throws FormatException {
    Form form = new Form(layer, List.copyOf(reads));
    Integer before = derived.get(form);
    if (before == null) {
      before = add(place, new Entry(place.name(), form, layer.outputs(), layer instanceof Columns
          && entry(reads.getFirst()).indices(), Map.of(), -1, null));
      derived.put(form, before);
    }
    return before;
  }

  /**
   * A layer that does the work of one before and of what is behind it.
   *
   * @param tensors all that it has
   * @param behind what is behind, as a layer that reads the one before; it has those of the tensors that it names
   */
  int fuse(Place place, int base, Layer layer, Map<String, Tensor> tensors, @Nullable Form behind)
      throws FormatException {
    Entry before = entry(base);
    boolean same = before.tensors().equals(tensors);
    Form form = new Form(layer, List.of(base, base));
    Integer known = same ? derived.get(form) : null;
    if (known == null) {
      known = add(place, new Entry(before.name(), new Form(layer, Objects.requireNonNull(before.form()).reads()),
          layer.outputs(), false, tensors, base, behind));
      if (same) {
        derived.put(form, known);
      }
    }
    return known;
  }

  /** A row takes memory when the network runs, so that a small file must not make wide ones out of nothing. */
  private int add(Place place, Entry entry) throws FormatException {
    place.reading().spend(4L * entry.width(), place.label());
    entries.add(entry);
    return entries.size() - 1;
  }

  /** Gives a layer tensors. */
  void put(int node, Map<String, Tensor> tensors) {
    Entry entry = entry(node);
    Map<String, Tensor> all = new LinkedHashMap<>(entry.tensors());
    all.putAll(tensors);
    entries.set(node, new Entry(entry.name(), entry.form(), entry.width(), entry.indices(), all, entry.base(), entry
        .behind()));
  }

  Entry entry(int node) {
    return entries.get(node);
  }

  /** The layer that a number stands for; null for an input. */
  @Nullable
  Layer layer(int node) {
    Form form = entry(node).form();
    return form == null ? null : form.layer();
  }

  /** What a layer reads first. */
  int read(int node) {
    return Objects.requireNonNull(entry(node).form()).reads().getFirst();
  }

  /** A tensor of a layer, as {@code bias}. */
  Tensor tensor(int node, String name) {
    return Objects.requireNonNull(entry(node).tensors().get(name));
  }

  int width(int node) {
    return entry(node).width();
  }

  /** All that a node gives. */
  Piece all(int node, Rest rest) {
    return new Piece(Source.ROWS, node, 0, width(node), rest);
  }

  /** Whether a piece is all that a node gives. */
  boolean whole(Piece piece) {
    return piece.source() == Source.ROWS && piece.from() == 0 && piece.width() == width(piece.node());
  }

  /** The final hidden or cell states of a layer's directions, side by side. */
  Piece states(int node, boolean cell) {
    Recurrent layer = (Recurrent) Objects.requireNonNull(layer(node));
    int width = directions(layer).size() * (cell ? layer.hidden() : layer.width());
    return new Piece(cell ? Source.CELL : Source.HIDDEN, node, 0, width, Rest.ZEROS);
  }

  /** The directions of a layer, as its states and tensors are called. */
  static List<String> directions(Recurrent layer) {
    return switch (layer.directions()) {
      case FORWARD -> List.of("forward");
      case REVERSE -> List.of("reverse");
      default -> List.of("forward", "reverse");
    };
  }

  /** Whether a piece is the final hidden state of directions, called so or as the step that the direction reads last. */
  boolean isFinal(Piece piece) {
    if (piece.source() == Source.HIDDEN) {
      return true;
    }
    boolean step = piece.source() == Source.FIRST_STEP || piece.source() == Source.LAST_STEP;
    if (!step || !(layer(piece.node()) instanceof Recurrent recurrent) || merged(recurrent)) {
      return false;
    }
    int first = piece.from() / recurrent.width();
    boolean one = first == (piece.from() + piece.width() - 1) / recurrent.width();
    boolean forward = directions(recurrent).get(first).equals("forward");
    return one && forward == (piece.source() == Source.LAST_STEP);
  }

  private static boolean merged(Recurrent layer) {
    return layer.directions().bidirectional() && layer.directions() != Directions.CONCAT;
  }

  /** The state vectors that a piece is; none where it is a part of one, or made of two. */
  List<State> states(Piece piece) {
    Recurrent layer = (Recurrent) Objects.requireNonNull(layer(piece.node()));
    if (merged(layer)) {
      return List.of();
    }
    boolean cell = piece.source() == Source.CELL;
    int width = cell ? layer.hidden() : layer.width();
    List<State> states = new ArrayList<>();
    for (int part = piece.from() / width; part * width < piece.from() + piece.width(); part++) {
      states.add(new State(piece.node(), part, cell));
    }
    return piece.from() % width == 0 && piece.width() % width == 0 ? states : List.of();
  }

  /** The layer with other directions. */
  static Recurrent with(Recurrent layer, Directions other) {
    return switch (layer) {
      case Lstm lstm -> lstm.directions(other);
      case Gru gru -> gru.directions(other);
      case Rnn rnn -> rnn.directions(other);
    };
  }

  /** The final hidden or cell states as a node. */
  int finals(Place place, int node, boolean cell) throws FormatException {
    int width = cell ? states(node, true).width() : width(node);
    FinalState layer = FinalState.of(width);
    return derive(place, cell ? layer.ofCell() : layer, node);
  }
}
