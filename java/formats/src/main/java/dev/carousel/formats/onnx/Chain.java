package dev.carousel.formats.onnx;

import dev.carousel.Dense;
import dev.carousel.Directions;
import dev.carousel.FinalState;
import dev.carousel.Gru;
import dev.carousel.LastStep;
import dev.carousel.Layer;
import dev.carousel.Lstm;
import dev.carousel.Network;
import dev.carousel.Recurrent;
import dev.carousel.Rnn;
import dev.carousel.Tensor;
import dev.carousel.Weights;
import dev.carousel.formats.data.FormatException;
import dev.carousel.formats.onnx.Piece.Rest;
import dev.carousel.formats.onnx.Piece.Source;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

/**
 * The layers that have been recognised so far, one behind the other. Each change of the chain is counted; a row knows at
 * which count it was computed, and only what was computed last can be read by the next layer.
 */
final class Chain {
  private final List<Layer> layers = new ArrayList<>();
  private final Map<String, Tensor> tensors = new LinkedHashMap<>();
  private final Map<Integer, Layer> selections = new HashMap<>(); // by the count at which each was added
  private boolean sequence = true; // whether there still is a row for each step
  private int count;

  int count() {
    return count;
  }

  List<Layer> layers() {
    return layers;
  }

  /** Adds a layer that reads what was computed at a count; the rows that it gives, one piece a direction. */
  List<Piece> add(int at, Layer layer, Map<String, Tensor> weights, String reader) throws FormatException {
    last(at, reader);
    if (!sequence && !(layer instanceof Dense)) {
      throw FormatException.of("%s needs a row for each step, and a layer before it leaves one for each sequence."
          + " Carousel runs no network that begins anew from there; split the graph in two.", reader);
    }
    int index = layers.size();
    layers.add(layer);
    sequence &= !(layer instanceof LastStep || layer instanceof FinalState);
    put(index, weights);
    count++;
    return pieces();
  }

  /** Replaces the last layer by one that does more, with a tensor more. */
  List<Piece> change(int at, Layer layer, Map<String, Tensor> weights, String reader) throws FormatException {
    last(at, reader);
    int index = layers.size() - 1;
    layers.set(index, layer);
    put(index, weights);
    count++;
    return pieces();
  }

  /** Gives a layer tensors, by their names within it. */
  void put(int layer, Map<String, Tensor> weights) {
    weights.forEach((name, tensor) -> tensors.put(layer + "." + name, tensor));
  }

  private void last(int at, String reader) throws FormatException {
    FormatException.check(at == count, "%s reads a value that a layer before it has read already. Carousel runs layers"
        + " one behind the other, without branches or shortcuts.", reader);
  }

  private List<Piece> pieces() {
    int index = layers.size() - 1;
    Layer layer = layers.getLast();
    if (!(layer instanceof Recurrent recurrent)) {
      return List.of(new Piece(Source.SEQUENCE, count, index, 0, layer.outputs(),
          layer instanceof FinalState ? Rest.ZEROS : Rest.OTHER));
    }
    List<Piece> pieces = new ArrayList<>();
    for (int part = 0; part < recurrent.outputs() / recurrent.width(); part++) {
      pieces.add(new Piece(Source.SEQUENCE, count, index, part, recurrent.width(), Rest.ZEROS));
    }
    return pieces;
  }

  /** The last layer's tensor of a name, as {@code bias}. */
  Tensor tensor(String name) {
    return Objects.requireNonNull(tensors.get(layers.size() - 1 + "." + name));
  }

  /** The count at which the rows of these pieces stand, after a selection of steps has been added if they are one. */
  int rows(List<Piece> pieces, String reader) throws FormatException {
    Piece first = pieces.getFirst();
    if (complete(pieces) && pieces.stream().allMatch(piece -> piece.source() == Source.SEQUENCE)) {
      return first.at();
    }
    if (complete(pieces) && pieces.stream().allMatch(piece -> piece.source() == Source.LAST_STEP)) {
      return select(first.at(), LastStep.of(layers.get(first.layer()).outputs()), reader);
    }
    FormatException.check(complete(pieces) && pieces.stream().allMatch(this::isFinal), "%s reads a part of what layers"
        + " give: %s. What it can read is all that the layer just before it gives, its last step, or the final hidden"
        + " state of all its directions, forward first.", reader, describe(pieces));
    return select(first.at(), FinalState.of(layers.get(first.layer()).outputs()), reader);
  }

  private int select(int at, Layer selection, String reader) throws FormatException {
    if (at != count && selection.equals(selections.get(at))) {
      return at + 1;
    }
    add(at, selection, Map.of(), reader);
    selections.put(at, selection);
    return count;
  }

  /** Whether the pieces are of one row, and all of it. */
  private boolean complete(List<Piece> pieces) {
    Piece first = pieces.getFirst();
    boolean state = first.source() == Source.HIDDEN || first.source() == Source.CELL;
    int parts = first.layer() < 0 || !(layers.get(first.layer()) instanceof Recurrent recurrent) ? 1
        : state ? directions(recurrent).size() : recurrent.outputs() / recurrent.width();
    boolean complete = pieces.size() == parts;
    for (int i = 0; i < pieces.size(); i++) {
      complete &= pieces.get(i).at() == first.at() && pieces.get(i).part() == i;
    }
    return complete;
  }

  /** Whether a piece is the final hidden state of a direction, called so or as the step that the direction reads last. */
  boolean isFinal(Piece piece) {
    if (piece.source() == Source.HIDDEN) {
      return true;
    }
    boolean step = piece.source() == Source.FIRST_STEP || piece.source() == Source.LAST_STEP;
    if (!step || !(layers.get(piece.layer()) instanceof Recurrent recurrent) || merged(recurrent)) {
      return false;
    }
    boolean forward = directions(recurrent).get(piece.part()).equals("forward");
    return forward == (piece.source() == Source.LAST_STEP);
  }

  /**
   * Lets the last layer merge its two directions, whose sequences, last steps or final hidden states these are.
   *
   * @return what the layer gives then
   */
  List<Piece> merge(List<Piece> pieces, Directions how, String reader) throws FormatException {
    Piece first = pieces.getFirst();
    boolean states = pieces.stream().allMatch(this::isFinal);
    boolean alike = states || (first.source() != Source.CELL
        && pieces.stream().allMatch(piece -> piece.source() == first.source()));
    FormatException.check(alike && complete(pieces) && first.layer() == layers.size() - 1
        && layers.getLast() instanceof Recurrent recurrent && recurrent.directions() == Directions.CONCAT,
        "%s merges what are not the two directions of the layer just before it: %s.", reader, describe(pieces));
    Layer merging = with((Recurrent) layers.getLast(), how);
    List<Piece> merged = change(first.at(), merging, Map.of(), reader);
    if (!states) {
      return merged.stream().map(piece -> piece.source(first.source())).toList();
    }
    select(count, FinalState.of(merging.outputs()), reader);
    return pieces();
  }

  /** The layer with other directions. */
  static Layer with(Recurrent layer, Directions other) {
    return switch (layer) {
      case Lstm lstm -> lstm.directions(other);
      case Gru gru -> gru.directions(other);
      case Rnn rnn -> rnn.directions(other);
    };
  }

  private static boolean merged(Recurrent layer) {
    return layer.directions().bidirectional() && layer.directions() != Directions.CONCAT;
  }

  /** The name of a state vector in the network's Program. */
  String state(int layer, int part, boolean cell) {
    return layer + "." + directions((Recurrent) layers.get(layer)).get(part) + (cell ? ".cell" : ".hidden");
  }

  private static List<String> directions(Recurrent layer) {
    return layer.directions() == Directions.FORWARD ? List.of("forward")
        : layer.directions() == Directions.REVERSE ? List.of("reverse") : List.of("forward", "reverse");
  }

  private static String describe(List<Piece> pieces) {
    List<String> names = pieces.stream().limit(4).map(piece -> "layer " + piece.layer() + ", direction " + piece.part()
        + ", " + piece.source().name().toLowerCase(Locale.ROOT).replace('_', ' ')).toList();
    return String.join("; ", names) + (pieces.size() > names.size() ? "; and more" : "");
  }

  Network network() {
    return Network.of(layers);
  }

  Weights weights() {
    return Weights.of(tensors);
  }
}
