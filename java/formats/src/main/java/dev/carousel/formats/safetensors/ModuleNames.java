package dev.carousel.formats.safetensors;

import dev.carousel.Dense;
import dev.carousel.Embedding;
import dev.carousel.FinalState;
import dev.carousel.Gru;
import dev.carousel.LastStep;
import dev.carousel.Layer;
import dev.carousel.Lstm;
import dev.carousel.Network;
import dev.carousel.Recurrent;
import dev.carousel.Rnn;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The names of modules that a network's layers are given: {@code embedding}, {@code lstm}, {@code linear_2}. */
final class ModuleNames {
  private ModuleNames() {}

  /** The layers, like ones that follow each other as the layers of one module. */
  static List<Placed> placed(Network network) {
    List<Placed> placed = new ArrayList<>();
    Map<String, Integer> counts = new HashMap<>();
    for (Layer layer : network.layers()) {
      if (!placed.isEmpty() && stacks(placed.getLast().layer(), layer)) {
        Placed below = placed.getLast();
        placed.add(new Placed(layer, below.from(), below.index() + 1));
        continue;
      }
      String name = switch (layer) {
        case Embedding _ -> "embedding";
        case Rnn _ -> "rnn";
        case Lstm _ -> "lstm";
        case Gru _ -> "gru";
        case Dense _ -> "linear";
        default -> "";
      };
      int count = counts.merge(name, 1, Integer::sum);
      placed.add(new Placed(layer, count == 1 || name.isEmpty() ? name : name + "_" + count, 0));
    }
    return placed;
  }

  /** Whether a layer is the one below but for its inputs, as the layers of one module are. */
  private static boolean stacks(Layer below, Layer layer) {
    return below instanceof Recurrent lower && layer instanceof Recurrent upper && widened(lower, upper).equals(upper);
  }

  private static Layer widened(Recurrent lower, Recurrent upper) {
    return switch (lower) {
      case Rnn rnn -> new Rnn(upper.inputs(), rnn.hidden(), rnn.directions(), rnn.activation(), rnn.reverseActivation(),
          rnn.clip(), rnn.bias());
      case Lstm lstm -> new Lstm(upper.inputs(), lstm.hidden(), lstm.projection(), lstm.directions(), lstm.peepholes(),
          lstm.coupledGates(), lstm.activations(), lstm.reverseActivations(), lstm.clip(), lstm.bias());
      case Gru gru -> new Gru(upper.inputs(), gru.hidden(), gru.resetAfter(), gru.directions(), gru.activations(),
          gru.reverseActivations(), gru.clip(), gru.bias());
    };
  }
}
