package dev.carousel.oracle;

import dev.carousel.spi.form.Activation;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A configuration of an ONNX node: all of it but the numbers in its tensors.
 *
 * @param seed what it was drawn with, and what its tensors are drawn with
 * @param activations one direction after the other; empty where the node does not name them
 * @param clip the bound, with the option CLIP
 * @param lengths of the sequences, with the option LENGTHS; empty without
 */
record NodeCase(int seed, String operator, String direction, int inputs, int hidden, int steps, int batch,
    Set<Option> options, List<Activation> activations, float clip, List<Integer> lengths) {

  /** What a node may have or not. */
  enum Option {
    BIAS, INITIAL_H, INITIAL_C, LENGTHS, CLIP, PEEPHOLE, COUPLED, RESET_AFTER, ACTIVATIONS;

    /** Whether an operator knows it. */
    boolean of(String operator) {
      return switch (this) {
        case BIAS, INITIAL_H, LENGTHS, CLIP, ACTIVATIONS -> true;
        case INITIAL_C, PEEPHOLE, COUPLED -> operator.equals("LSTM");
        case RESET_AFTER -> operator.equals("GRU");
      };
    }

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  boolean has(Option option) {
    return options.contains(option);
  }

  int directions() {
    return direction.equals("bidirectional") ? 2 : 1;
  }

  /** How many functions a direction has: f, g and h of an LSTM. */
  static int functions(String operator) {
    return OnnxActivations.usual(operator).size();
  }

  /** What this case holds, in words; {@link #allFeatures} has them all. */
  List<String> features() {
    List<String> features = new ArrayList<>();
    features.add(operator + " " + direction);
    options.forEach(option -> features.add(operator + " " + option));
    if (lengths.contains(0)) {
      features.add(operator + " length 0");
    }
    if (has(Option.PEEPHOLE) && has(Option.COUPLED)) {
      features.add("LSTM peephole and coupled");
    }
    for (int i = 0; i < activations.size(); i++) {
      int function = i % functions(operator);
      boolean reverse = direction.equals("reverse") || i >= functions(operator);
      features.add(function(operator, reverse, function, activations.get(i).kind()));
    }
    return features;
  }

  /** What all cases together are to hold. */
  static Set<String> allFeatures() {
    List<String> features = new ArrayList<>(List.of("LSTM peephole and coupled"));
    for (String operator : List.of("RNN", "LSTM", "GRU")) {
      List.of("forward", "reverse", "bidirectional").forEach(direction -> features.add(operator + " " + direction));
      features.add(operator + " length 0");
      for (Option option : Option.values()) {
        if (option.of(operator)) {
          features.add(operator + " " + option);
        }
      }
      for (int function = 0; function < functions(operator); function++) {
        for (Activation.Kind kind : NodeDraw.KINDS) {
          features.add(function(operator, false, function, kind));
          features.add(function(operator, true, function, kind));
        }
      }
    }
    return Set.copyOf(features);
  }

  private static String function(String operator, boolean reverse, int function, Activation.Kind kind) {
    return operator + (reverse ? " reverse " : " forward ") + "fgh".charAt(function) + " " + kind;
  }

  @Override
  public String toString() {
    return seed + ": " + operator + " " + direction + " I=" + inputs + " H=" + hidden + " T=" + steps + " B=" + batch
        + options.stream().sorted().map(this::describe).collect(Collectors.joining());
  }

  private String describe(Option option) {
    return " " + option + switch (option) {
      case CLIP -> " " + clip;
      case LENGTHS -> " " + lengths;
      case ACTIVATIONS -> " " + activations;
      default -> "";
    };
  }
}
