package dev.carousel.conformance;

import dev.carousel.Dense;
import dev.carousel.Directions;
import dev.carousel.Embedding;
import dev.carousel.FinalState;
import dev.carousel.Gru;
import dev.carousel.LastStep;
import dev.carousel.Layer;
import dev.carousel.Lstm;
import dev.carousel.Network;
import dev.carousel.Recurrent;
import dev.carousel.Rnn;
import dev.carousel.spi.form.Activation;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/** Layers together: the ones that people build, and drawn ones. */
final class NetworkCases {
  private static final int DRAWN = 60;

  private NetworkCases() {}

  /** The ones that people build. */
  static Map<String, Network> named() {
    Map<String, Network> networks = new LinkedHashMap<>();
    networks.put("stacked_lstm", Network.of(Lstm.of(5, 9), Lstm.of(9, 8), Lstm.of(8, 7)));
    networks.put("tagger",
        Network.of(Embedding.of(30, 8), Lstm.of(8, 9).bidirectional(), Lstm.of(18, 7).bidirectional(),
            Dense.of(14, 5).softmax()));
    networks.put("classifier", Network.of(Gru.of(6, 10), LastStep.of(10), Dense.of(10, 8).activation(Activation.RELU),
        Dense.of(8, 3).softmax()));
    networks.put("both_ends", Network.of(Gru.of(6, 10), Lstm.of(10, 9).bidirectional(), FinalState.of(18),
        Dense.of(18, 3).softmax()));
    networks.put("projected_end",
        Network.of(Lstm.of(5, 9).projection(4).directions(Directions.REVERSE), FinalState.of(4)));
    networks.put("averaged_ends", Network.of(Gru.of(6, 10).resetBefore().directions(Directions.AVERAGE),
        FinalState.of(10)));
    networks.put("last_step_alone", Network.of(LastStep.of(4)));
    networks.put("dense_alone", Network.of(Dense.of(4, 3)));
    networks.put("embedding_alone", Network.of(Embedding.of(9, 5)));
    networks.put("mixed_cells", Network.of(Rnn.of(6, 8), Gru.of(8, 7).resetBefore().directions(Directions.SUM),
        Lstm.of(7, 6).peephole().projection(3).directions(Directions.MULTIPLY), Dense.of(3, 2)));
    networks.putAll(GraphNetworks.named());
    return networks;
  }

  static List<Case> all() {
    List<Case> cases = new ArrayList<>();
    named().forEach((name, network) -> {
      cases.add(network(name.replace('_', ' '), name, network, Shape.full(5, 4)));
      cases.add(network(name.replace('_', ' '), name, network, Shape.ragged(7, 6)));
    });
    for (int seed = 0; seed < DRAWN; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      Network network = drawn(random);
      int steps = random.nextInt(1, 9);
      int batch = random.nextInt(1, 8);
      cases.add(network("drawn", "drawn" + seed, network,
          random.nextBoolean() ? Shape.full(steps, batch) : Shape.ragged(steps, batch)));
    }
    return cases;
  }

  private static Case network(String subject, String name, Network network, Shape shape) {
    return Case.differential(Family.NETWORK, subject, name + "_" + shape, network.lower().program(), shape);
  }

  private static Network drawn(SplittableRandom random) {
    List<Layer> layers = new ArrayList<>();
    int width = random.nextInt(1, 20);
    if (random.nextInt(4) == 0) {
      layers.add(Embedding.of(random.nextInt(1, 40), width));
    }
    for (int count = random.nextInt(1, 4); count > 0; count--) {
      Layer layer = recurrent(random, width);
      layers.add(layer);
      width = layer.outputs();
    }
    if (random.nextBoolean()) {
      layers.add(LastStep.of(width));
    }
    if (random.nextBoolean()) {
      Dense dense = Dense.of(width, random.nextInt(1, 12));
      layers.add(random.nextBoolean() ? dense.softmax() : dense.activation(pick(random, Activations.ofCells())));
    }
    return Network.of(layers);
  }

  private static Recurrent recurrent(SplittableRandom random, int width) {
    List<Recurrent> cells = List.copyOf(LayerCases.cells(width, random.nextInt(1, 24)).values());
    Recurrent layer = LayerCases.turned(pick(random, cells), pick(random, List.of(Directions.values())));
    return random.nextInt(4) == 0 ? LayerCases.unbiased(layer) : layer;
  }

  private static <T> T pick(SplittableRandom random, List<T> from) {
    return from.get(random.nextInt(from.size()));
  }
}
