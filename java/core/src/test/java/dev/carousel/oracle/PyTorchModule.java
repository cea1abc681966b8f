package dev.carousel.oracle;

import dev.carousel.Gru;
import dev.carousel.Layer;
import dev.carousel.Lstm;
import dev.carousel.Network;
import dev.carousel.Rnn;
import dev.carousel.Tensor;
import dev.carousel.Weights;
import dev.carousel.spi.form.Activation;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;

/**
 * A recurrent module of PyTorch as a network. Its gates are in our order already; the two biases of RNN and LSTM are
 * added, those of GRU stay apart.
 */
record PyTorchModule(TextVectors.Case vectors) {
  private boolean is(String cell) {
    return vectors.text("cell").startsWith(cell);
  }

  private List<String> directions() {
    return vectors.flag("bidirectional") ? List.of("forward", "reverse") : List.of("forward");
  }

  private int layers() {
    return vectors.number("layers");
  }

  Network network() {
    int projection = vectors.number("projection");
    int width = directions().size() * (projection > 0 ? projection : vectors.number("hidden"));
    return Network.of(IntStream.range(0, layers())
        .mapToObj(layer -> layer(layer == 0 ? vectors.number("inputs") : width)).toList());
  }

  private Layer layer(int inputs) {
    int hidden = vectors.number("hidden");
    boolean both = vectors.flag("bidirectional");
    boolean bias = vectors.flag("bias");
    if (is("lstm")) {
      Lstm lstm = Lstm.of(inputs, hidden).projection(vectors.number("projection"));
      lstm = both ? lstm.bidirectional() : lstm;
      return bias ? lstm : lstm.withoutBias();
    }
    if (is("gru")) {
      Gru gru = both ? Gru.of(inputs, hidden).bidirectional() : Gru.of(inputs, hidden);
      return bias ? gru : gru.withoutBias();
    }
    Rnn rnn = Rnn.of(inputs, hidden).activation(is("rnn_relu") ? Activation.RELU : Activation.TANH);
    rnn = both ? rnn.bidirectional() : rnn;
    return bias ? rnn : rnn.withoutBias();
  }

  Weights weights() {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    for (int layer = 0; layer < layers(); layer++) {
      for (String direction : directions()) {
        String ours = layer + "." + direction + ".";
        String theirs = "_l" + layer + (direction.equals("reverse") ? "_reverse" : "");
        tensors(theirs).forEach((name, block) -> tensors.put(ours + name, block.tensor()));
      }
    }
    return Weights.of(tensors);
  }

  private Map<String, Block> tensors(String suffix) {
    Map<String, Block> tensors = new TreeMap<>();
    tensors.put("input", vectors.block("weight_ih" + suffix));
    tensors.put("recurrent", vectors.block("weight_hh" + suffix));
    if (vectors.number("projection") > 0) {
      tensors.put("projection", vectors.block("weight_hr" + suffix));
    }
    if (vectors.flag("bias")) {
      Block input = vectors.block("bias_ih" + suffix);
      Block recurrent = vectors.block("bias_hh" + suffix);
      tensors.put("bias", is("gru") ? input : input.plus(recurrent));
      if (is("gru")) {
        tensors.put("recurrent_bias", recurrent);
      }
    }
    return tensors;
  }

  Batch batch() {
    return new Batch(vectors.block("input"), vectors.blockIfAny("lengths"), states("h_0", "c_0"));
  }

  /** What PyTorch computed, by our names. */
  Map<String, Block> expected() {
    Map<String, Block> expected = states("h_n", "c_n");
    expected.put(Run.OUTPUT, vectors.block("output"));
    return expected;
  }

  /** PyTorch's states are {@code [layers * directions][batch][width]}. */
  private Map<String, Block> states(String hidden, String cell) {
    Map<String, Block> states = new TreeMap<>();
    for (int layer = 0; layer < layers(); layer++) {
      for (int direction = 0; direction < directions().size(); direction++) {
        int index = layer * directions().size() + direction;
        String name = layer + "." + directions().get(direction);
        Map.of("hidden", hidden, "cell", cell).forEach((ours, theirs) -> {
          Block state = vectors.blockIfAny(theirs);
          if (state != null) {
            states.put(name + "." + ours, state.at(index));
          }
        });
      }
    }
    return states;
  }
}
