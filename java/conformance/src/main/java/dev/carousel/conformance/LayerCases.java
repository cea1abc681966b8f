package dev.carousel.conformance;

import dev.carousel.Directions;
import dev.carousel.Gru;
import dev.carousel.Layer;
import dev.carousel.Lstm;
import dev.carousel.Network;
import dev.carousel.Recurrent;
import dev.carousel.Rnn;
import dev.carousel.spi.form.Activation;
import dev.carousel.spi.form.Program;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Every cell in every direction, at sizes on both sides of a vector's width. */
final class LayerCases {
  private static final int[] SIZES = {1, 7, 8, 9, 16, 17, 33, 64, 100};
  private static final Shape[] SHAPES = {Shape.full(1, 1), Shape.full(4, 3), Shape.ragged(6, 9), Shape.full(3, 17),
      Shape.ragged(11, 5)};

  private LayerCases() {}

  /** The cells by name, at a size. */
  static Map<String, Recurrent> cells(int inputs, int hidden) {
    Map<String, Recurrent> cells = new LinkedHashMap<>();
    Lstm lstm = Lstm.of(inputs, hidden);
    Gru gru = Gru.of(inputs, hidden);
    cells.put("rnn", Rnn.of(inputs, hidden));
    cells.put("rnn_relu", Rnn.of(inputs, hidden).activation(Activation.RELU));
    cells.put("lstm", lstm);
    cells.put("lstm_peephole", lstm.peephole());
    cells.put("lstm_coupled", lstm.coupled());
    cells.put("lstm_peephole_coupled_clip", lstm.peephole().coupled().clip(0.3f));
    cells.put("lstm_projection", lstm.projection((hidden + 1) / 2));
    cells.put("gru_after", gru);
    cells.put("gru_after_clip", gru.clip(0.3f));
    cells.put("gru_before", gru.resetBefore());
    return cells;
  }

  static Recurrent turned(Recurrent layer, Directions directions) {
    return switch (layer) {
      case Rnn rnn -> rnn.directions(directions);
      case Lstm lstm -> lstm.directions(directions);
      case Gru gru -> gru.directions(directions);
    };
  }

  static Recurrent unbiased(Recurrent layer) {
    return switch (layer) {
      case Rnn rnn -> rnn.withoutBias();
      case Lstm lstm -> lstm.withoutBias();
      case Gru gru -> gru.withoutBias();
    };
  }

  /** Every cell meets every size, every direction and every shape, though not every triple of them. */
  static List<Case> all() {
    List<Case> cases = new ArrayList<>();
    int turn = 0;
    for (int size = 0; size < SIZES.length; size++) {
      int inputs = SIZES[(size + 4) % SIZES.length];
      for (Map.Entry<String, Recurrent> cell : cells(inputs, SIZES[size]).entrySet()) {
        for (Directions directions : Directions.values()) {
          Shape shape = SHAPES[turn++ % SHAPES.length];
          String name = cell.getKey() + "_" + directions.name().toLowerCase(Locale.ROOT) + "_i" + inputs + "_h"
              + SIZES[size] + "_" + shape;
          cases.add(layer(name, turned(cell.getValue(), directions), shape));
        }
        cases.add(layer(cell.getKey() + "_unbiased_h" + SIZES[size], unbiased(cell.getValue()), SHAPES[2]));
      }
    }
    return cases;
  }

  private static Case layer(String name, Layer layer, Shape shape) {
    Program program = Network.of(layer).lower().program();
    return Case.differential(Family.LAYER, Subject.of(program), name, program, shape);
  }
}
