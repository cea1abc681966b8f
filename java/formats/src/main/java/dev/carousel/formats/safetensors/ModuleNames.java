package dev.carousel.formats.safetensors;

import dev.carousel.Columns;
import dev.carousel.Concat;
import dev.carousel.Conv;
import dev.carousel.Dense;
import dev.carousel.Elementwise;
import dev.carousel.Embedding;
import dev.carousel.FinalState;
import dev.carousel.Flatten;
import dev.carousel.Gru;
import dev.carousel.LastStep;
import dev.carousel.Layer;
import dev.carousel.LayerNorm;
import dev.carousel.Lstm;
import dev.carousel.Merge;
import dev.carousel.Network;
import dev.carousel.Noise;
import dev.carousel.Pool;
import dev.carousel.Recurrent;
import dev.carousel.Repeat;
import dev.carousel.Rnn;
import dev.carousel.Scale;
import dev.carousel.Softmax;
import dev.carousel.SoftmaxSteps;
import dev.carousel.WeightedSum;
import dev.carousel.WindowPool;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The names of modules that a network's layers are given: {@code embedding}, {@code lstm}, {@code linear_2} in a list; in
 * a graph those of their nodes.
 */
final class ModuleNames {
  private ModuleNames() {}

  /** The layers, like ones that follow each other as the layers of one module. */
  static List<Placed> placed(Network network) {
    if (!network.isList()) {
      return network.nodes().stream()
          .map(node -> placed(node.layer(), node.layer().tensors().isEmpty() ? "" : node.name()))
          .toList();
    }
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
        case Conv _ -> "conv";
        case Scale _ -> "batch_norm";
        case LayerNorm _ -> "layer_norm";
        case Elementwise _,Softmax _,Merge _,Concat _,Columns _,LastStep _,FinalState _,Pool _,WindowPool _,SoftmaxSteps _,WeightedSum _,Repeat _,Flatten _,Noise _ ->
          "";
      };
      int count = counts.merge(name, 1, Integer::sum);
      placed.add(placed(layer, count == 1 || name.isEmpty() ? name : name + "_" + count));
    }
    return placed;
  }

  /** A scale is written as a normalisation by a mean of 0 and a variance of 1, to which nothing is added. */
  private static Placed placed(Layer layer, String from) {
    return layer instanceof Scale ? new Placed(layer, from, 0, 0) : new Placed(layer, from, 0);
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
