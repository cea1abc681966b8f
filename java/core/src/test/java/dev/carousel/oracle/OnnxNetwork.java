package dev.carousel.oracle;

import dev.carousel.Directions;
import dev.carousel.Gru;
import dev.carousel.Layer;
import dev.carousel.Lstm;
import dev.carousel.Network;
import dev.carousel.Rnn;
import dev.carousel.Tensor;
import dev.carousel.Weights;
import dev.carousel.spi.form.Activation;
import dev.carousel.spi.form.CellUpdate;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** An ONNX node as a network of one layer, with its weights in our order of the gates. */
record OnnxNetwork(OnnxNode node) {
  private boolean coupled() {
    return node.flag("input_forget");
  }

  private boolean resetAfter() {
    return node.flag("linear_before_reset");
  }

  Network network() {
    int inputs = node.input("W").size(2);
    return Network.of(switch (node.operator()) {
      case "RNN" -> rnn(Rnn.of(inputs, node.hidden()));
      case "LSTM" -> lstm(Lstm.of(inputs, node.hidden()));
      case "GRU" -> gru(Gru.of(inputs, node.hidden()));
      default -> throw new IllegalArgumentException(node.operator());
    });
  }

  private Layer rnn(Rnn plain) {
    List<Activation> f = node.activations();
    Rnn rnn = plain.directions(directions()).activation(f.getFirst()).reverseActivation(f.getLast()).clip(clip());
    return bias() ? rnn : rnn.withoutBias();
  }

  private Layer gru(Gru plain) {
    List<Activation> fg = node.activations();
    List<Activation> last = fg.subList(fg.size() - 2, fg.size());
    Gru gru = plain.directions(directions()).activations(fg.get(0), fg.get(1))
        .reverseActivations(last.get(0), last.get(1)).clip(clip());
    gru = resetAfter() ? gru : gru.resetBefore();
    return bias() ? gru : gru.withoutBias();
  }

  private Layer lstm(Lstm plain) {
    List<Activation> fgh = node.activations();
    List<Activation> last = fgh.subList(fgh.size() - 3, fgh.size());
    Lstm lstm = plain.directions(directions()).activations(fgh.get(0), fgh.get(1), fgh.get(2))
        .reverseActivations(last.get(0), last.get(1), last.get(2)).clip(clip());
    lstm = coupled() ? lstm.coupled() : lstm;
    lstm = node.inputIfAny("P") == null ? lstm : lstm.peephole();
    return bias() ? lstm : lstm.withoutBias();
  }

  private Directions directions() {
    return switch (node.direction()) {
      case "forward" -> Directions.FORWARD;
      case "reverse" -> Directions.REVERSE;
      default -> Directions.CONCAT;
    };
  }

  private float clip() {
    return node.clip().orElse(CellUpdate.NO_CLIP);
  }

  private boolean bias() {
    return node.inputIfAny("B") != null;
  }

  Weights weights() {
    Map<String, Tensor> tensors = new TreeMap<>();
    for (int i = 0; i < node.directions().size(); i++) {
      int direction = i;
      String prefix = "0." + node.directions().get(i) + ".";
      Map<String, Block> blocks = new TreeMap<>();
      blocks.put("input", node.input("W").at(direction).groups(node.hidden(), gates()));
      blocks.put("recurrent", node.input("R").at(direction).groups(node.hidden(), gates()));
      biases(blocks, node.inputIfAny("B"), direction);
      Block peephole = node.inputIfAny("P");
      if (peephole != null) {
        blocks.put("peephole", peephole.at(direction).groups(node.hidden(), peepholes())
            .shaped(peepholes().length, node.hidden()));
      }
      blocks.forEach((name, block) -> tensors.put(prefix + name, block.tensor()));
    }
    return Weights.of(tensors);
  }

  /** ONNX has the input's biases of all gates, then the recurrent ones. */
  private void biases(Map<String, Block> blocks, @Nullable Block biases, int direction) {
    if (biases == null) {
      return;
    }
    int all = node.input("R").size(1) / node.hidden();
    Block both = biases.at(direction);
    Block input = both.groups(node.hidden(), gates());
    Block recurrent = both.groups(node.hidden(), IntStream.of(gates()).map(gate -> all + gate).toArray());
    if (node.operator().equals("GRU") && resetAfter()) {
      blocks.put("bias", input);
      blocks.put("recurrent_bias", recurrent);
    } else {
      blocks.put("bias", input.plus(recurrent));
    }
  }

  /** Where our gates stand among ONNX's: LSTM i,o,f,c and GRU z,r,h. */
  private int[] gates() {
    return switch (node.operator()) {
      case "RNN" -> new int[]{0};
      case "GRU" -> new int[]{1, 0, 2};
      default -> coupled() ? new int[]{0, 3, 1} : new int[]{0, 2, 3, 1};
    };
  }

  /** Where our peepholes stand among ONNX's i,o,f. */
  private int[] peepholes() {
    return coupled() ? new int[]{0, 1} : new int[]{0, 2, 1};
  }
}
