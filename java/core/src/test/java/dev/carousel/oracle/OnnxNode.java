package dev.carousel.oracle;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import com.google.protobuf.ByteString;
import dev.carousel.spi.form.Activation;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * An RNN, LSTM or GRU node of ONNX with the tensors that it reads.
 *
 * @param inputs by their names in ONNX's documentation: X, W, R, B, sequence_lens, initial_h, initial_c, P
 */
record OnnxNode(NodeProto node, Map<String, Block> inputs) {
  /** What an operator's inputs are called, in order. */
  static final List<String> INPUTS = List.of("X", "W", "R", "B", "sequence_lens", "initial_h", "initial_c", "P");
  /** What an operator's outputs are called, in order. */
  static final List<String> OUTPUTS = List.of("Y", "Y_h", "Y_c");

  String operator() {
    return node.getOpType();
  }

  Block input(String name) {
    return Objects.requireNonNull(inputs.get(name), name);
  }

  @Nullable
  Block inputIfAny(String name) {
    return inputs.get(name);
  }

  int hidden() {
    return input("R").size(2);
  }

  /** Our names of the directions, in ONNX's order. */
  List<String> directions() {
    return switch (direction()) {
      case "bidirectional" -> List.of("forward", "reverse");
      default -> List.of(direction());
    };
  }

  String direction() {
    return attribute("direction").map(value -> value.getS().toStringUtf8()).orElse("forward");
  }

  boolean flag(String name) {
    return attribute(name).map(AttributeProto::getI).orElse(0L) != 0;
  }

  Optional<Float> clip() {
    return attribute("clip").map(AttributeProto::getF);
  }

  /** The functions of one direction after the other. */
  List<Activation> activations() {
    return attribute("activations")
        .map(names -> OnnxActivations.read(names.getStringsList().stream().map(ByteString::toStringUtf8).toList(),
            floats("activation_alpha"), floats("activation_beta")))
        .orElseGet(() -> Collections.nCopies(directions().size(), OnnxActivations.usual(operator())).stream()
            .flatMap(List::stream).toList());
  }

  private List<Float> floats(String name) {
    return attribute(name).map(AttributeProto::getFloatsList).orElse(List.of());
  }

  private Optional<AttributeProto> attribute(String name) {
    return node.getAttributeList().stream().filter(attribute -> attribute.getName().equals(name)).findFirst();
  }

  Batch batch() {
    Map<String, Block> initial = new TreeMap<>();
    states(initial, "hidden", inputs.get("initial_h"));
    states(initial, "cell", inputs.get("initial_c"));
    Block input = flag("layout") ? input("X").turned() : input("X");
    return new Batch(input, inputIfAny("sequence_lens"), initial);
  }

  /** What {@code outputs}, by ONNX's names, are by ours and in our layouts. */
  Map<String, Block> expected(Map<String, Block> outputs) {
    Map<String, Block> expected = new TreeMap<>();
    Block sequence = outputs.get("Y"); // [steps][directions][batch][hidden], with layout 1 the batch first
    if (sequence != null) {
      Block byStep = flag("layout") ? sequence.turned() : sequence.exchanged(1);
      expected.put(Run.OUTPUT, byStep.shaped(byStep.size(0), byStep.size(1), byStep.size(2) * byStep.size(3)));
    }
    states(expected, "hidden", outputs.get("Y_h"));
    states(expected, "cell", outputs.get("Y_c"));
    return expected;
  }

  /** ONNX's states are {@code [directions][batch][hidden]}, with layout 1 {@code [batch][directions][hidden]}. */
  private void states(Map<String, Block> target, String name, @Nullable Block states) {
    if (states != null) {
      Block byDirection = flag("layout") ? states.turned() : states;
      for (int i = 0; i < directions().size(); i++) {
        target.put("0." + directions().get(i) + "." + name, byDirection.at(i));
      }
    }
  }
}
