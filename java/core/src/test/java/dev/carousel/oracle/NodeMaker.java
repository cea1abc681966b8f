package dev.carousel.oracle;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import com.google.protobuf.ByteString;
import dev.carousel.oracle.NodeCase.Option;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/** Makes the node of a configuration, its tensors filled with numbers drawn from the seed. */
final class NodeMaker {
  private final NodeCase config;
  private final Random random;
  private final Map<String, Block> inputs = new TreeMap<>();

  private NodeMaker(NodeCase config) {
    this.config = config;
    random = new Random(config.seed());
  }

  static OnnxNode of(NodeCase config) {
    return new NodeMaker(config).make();
  }

  private OnnxNode make() {
    tensors();
    NodeProto.Builder node = NodeProto.newBuilder().setOpType(config.operator());
    OnnxNode.INPUTS.forEach(name -> node.addInput(inputs.containsKey(name) ? name : ""));
    while (node.getInput(node.getInputCount() - 1).isEmpty()) {
      List<String> shorter = List.copyOf(node.getInputList().subList(0, node.getInputCount() - 1));
      node.clearInput().addAllInput(shorter);
    }
    node.addAllOutput(config.operator().equals("LSTM") ? OnnxNode.OUTPUTS : OnnxNode.OUTPUTS.subList(0, 2));
    attributes(node);
    return new OnnxNode(node.build(), inputs);
  }

  private void tensors() {
    int directions = config.directions();
    int hidden = config.hidden();
    int gates = switch (config.operator()) {
      case "LSTM" -> 4;
      case "GRU" -> 3;
      default -> 1;
    };
    inputs.put("X", uniform(1, config.steps(), config.batch(), config.inputs()));
    inputs.put("W", uniform(1.3 / Math.sqrt(config.inputs()), directions, gates * hidden, config.inputs()));
    inputs.put("R", uniform(1 / Math.sqrt(hidden), directions, gates * hidden, hidden));
    optional(Option.BIAS, "B", 0.3, directions, 2 * gates * hidden);
    optional(Option.INITIAL_H, "initial_h", 0.8, directions, config.batch(), hidden);
    optional(Option.INITIAL_C, "initial_c", 0.8, directions, config.batch(), hidden);
    optional(Option.PEEPHOLE, "P", 0.6, directions, 3 * hidden);
    if (config.has(Option.LENGTHS)) {
      double[] lengths = config.lengths().stream().mapToDouble(Integer::doubleValue).toArray();
      inputs.put("sequence_lens", Block.of(lengths, lengths.length));
    }
  }

  private void optional(Option option, String name, double bound, int... shape) {
    if (config.has(option)) {
      inputs.put(name, uniform(bound, shape));
    }
  }

  /** Numbers in [-bound, bound] that floats hold. */
  private Block uniform(double bound, int... shape) {
    int count = 1;
    for (int size : shape) {
      count *= size;
    }
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = (float) (bound * (2 * random.nextDouble() - 1));
    }
    return Block.of(values, shape);
  }

  private void attributes(NodeProto.Builder node) {
    node.addAttribute(AttributeProto.newBuilder().setName("direction").setType(AttributeProto.AttributeType.STRING)
        .setS(ByteString.copyFromUtf8(config.direction())));
    node.addAttribute(integer("hidden_size", config.hidden()));
    if (config.has(Option.ACTIVATIONS)) {
      OnnxActivations.write(config.activations()).forEach(node::addAttribute);
    }
    if (config.has(Option.CLIP)) {
      node.addAttribute(AttributeProto.newBuilder().setName("clip").setType(AttributeProto.AttributeType.FLOAT)
          .setF(config.clip()));
    }
    if (config.operator().equals("LSTM")) {
      node.addAttribute(integer("input_forget", config.has(Option.COUPLED) ? 1 : 0));
    }
    if (config.operator().equals("GRU")) {
      node.addAttribute(integer("linear_before_reset", config.has(Option.RESET_AFTER) ? 1 : 0));
    }
  }

  private static AttributeProto integer(String name, int value) {
    return AttributeProto.newBuilder().setName(name).setType(AttributeProto.AttributeType.INT).setI(value).build();
  }
}
