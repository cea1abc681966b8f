package dev.carousel.formats.keras;

import dev.carousel.formats.data.NdArray;
import dev.carousel.formats.json.Json;
import java.util.List;
import java.util.Optional;

/**
 * A layer as its weights show it.
 *
 * @param className Keras' name of what it is, of the recurrent one within where it has two directions
 * @param units of a direction
 * @param resetAfter of a GRU
 * @param steps whether it is a dense layer that is known to be applied at each step
 */
record ShownLayer(String name, int position, String className, boolean bidirectional, int inputs, int units,
    boolean bias,
    boolean resetAfter, boolean steps) {
  static final List<String> RECURRENT = List.of("kernel", "recurrent_kernel", "bias");
  static final List<String> DENSE = List.of("kernel", "bias");

  /** The layer that has weights of these names and shapes, if there is just one. */
  static Optional<ShownLayer> of(String name, int position, List<String> names, List<NdArray> arrays) {
    int half = names.size() / 2;
    if (half >= 2 && names.size() == 2 * half && names.subList(0, half).equals(names.subList(half, 2 * half))) {
      return of(name, position, names.subList(0, half), arrays.subList(0, half))
          .filter(ShownLayer::recurrent)
          .map(one -> new ShownLayer(name, position, one.className, true, one.inputs, one.units, one.bias,
              one.resetAfter, false));
    }
    boolean matrices = !arrays.isEmpty() && arrays.size() == names.size() && arrays.getFirst().rank() == 2
        && arrays.getFirst().count() <= Integer.MAX_VALUE / 8;
    if (!matrices) {
      return Optional.empty();
    }
    int rows = (int) arrays.getFirst().size(0);
    int columns = (int) arrays.getFirst().size(1);
    boolean bias = names.getLast().equals("bias");
    if (names.equals(List.of("embeddings"))) {
      return Optional.of(new ShownLayer(name, position, "Embedding", false, rows, columns, false, false, false));
    }
    if (names.equals(DENSE) || names.equals(DENSE.subList(0, 1))) {
      return Optional.of(new ShownLayer(name, position, "Dense", false, rows, columns, bias, false, false));
    }
    if (!names.equals(RECURRENT) && !names.equals(RECURRENT.subList(0, 2))) {
      return Optional.empty();
    }
    return recurrent(name, position, rows, columns, bias, arrays);
  }

  /** The cell with as many gates; a GRU without biases does not show where it resets. */
  private static Optional<ShownLayer> recurrent(String name, int position, int inputs, int columns, boolean bias,
      List<NdArray> arrays) {
    NdArray recurrent = arrays.get(1);
    if (recurrent.rank() != 2 || recurrent.size(1) != columns || recurrent.count() > Integer.MAX_VALUE / 8) {
      return Optional.empty();
    }
    int units = (int) recurrent.size(0);
    for (Cell.Kind kind : Cell.Kind.values()) {
      boolean shows = kind != Cell.Kind.GRU || bias;
      if (columns == (long) kind.gates() * units && shows) {
        boolean after = kind == Cell.Kind.GRU && arrays.get(2).rank() == 2;
        return Optional.of(new ShownLayer(name, position, kind.className(), false, inputs, units, bias, after, false));
      }
    }
    return Optional.empty();
  }

  /** The same, known to be applied at each step. */
  ShownLayer atEachStep() {
    return new ShownLayer(name, position, className, bidirectional, inputs, units, bias, resetAfter, true);
  }

  boolean recurrent() {
    return !indices() && !className.equals("Dense");
  }

  boolean indices() {
    return className.equals("Embedding");
  }

  /** The width of a row that it gives. */
  int outputs() {
    return bidirectional ? 2 * units : units;
  }

  /** Its configuration where Keras' defaults hold. */
  LayerConfig config(boolean sequence) {
    Json own = Json.object("name", name, "units", units, "use_bias", bias, "activation",
        recurrent() ? "tanh" : "linear",
        "recurrent_activation", "sigmoid", "return_sequences", sequence, "reset_after", resetAfter);
    if (!bidirectional && !steps) {
      return new LayerConfig(name, className, position, own);
    }
    Json wrapped = Json.object("layer", Json.object("class_name", className, "config", own));
    return new LayerConfig(name, bidirectional ? "Bidirectional" : "TimeDistributed", position, wrapped);
  }
}
