package dev.carousel.formats.keras;

import dev.carousel.Directions;
import dev.carousel.FinalState;
import dev.carousel.formats.data.FormatException;
import dev.carousel.formats.keras.LayerWeights.Part;
import dev.carousel.formats.model.Padding;

/**
 * Recurrent layers of one direction or two.
 *
 * <p>A layer that goes backwards leaves its results in the order in which it made them, the last step first, and does
 * not turn them back. Ours are always at their steps, so it is kept whether the author's rows are flipped: a layer reads
 * our rows in reverse where it goes backwards over rows that are not flipped, or forwards over rows that are.
 */
final class RecurrentLayers {
  private final LayerStack stack;

  RecurrentLayers(LayerStack stack) {
    this.stack = stack;
  }

  /** LSTM, GRU or SimpleRNN. */
  void oneDirection(LayerConfig layer) throws FormatException {
    boolean returns = returns(layer, layer);
    Cell cell = Cell.of(layer, stack.version, stack.source.of(layer, Part.CELL, Cell.names(layer)));
    boolean reverse = layer.flag("go_backwards", false) != stack.flipped;
    if (stack.mask.isPresent()) {
      boolean zero = layer.flag("zero_output_for_mask", false);
      layer.check(returns || !zero, "returns 0 where the last step is masked (zero_output_for_mask without"
          + " return_sequences), which Carousel does not");
      layer.check(!returns || !reverse, "returns a masked sequence backwards, with its padding first, which Carousel"
          + " does not. Use Bidirectional, or mask nothing");
      stack.padding = zero || !returns ? Padding.ZERO_BEFORE_DENSE : Padding.REPEAT;
    }
    put(layer, reverse ? "reverse" : "forward", cell);
    stack.layers.add(cell.layer(reverse ? Directions.REVERSE : Directions.FORWARD));
    stack.flipped = reverse;
    end(returns);
  }

  /** Bidirectional around one of them. */
  void twoDirections(LayerConfig layer) throws FormatException {
    LayerConfig forward = layer.inner("layer");
    LayerConfig backward = layer.config().find("backward_layer").isPresent() ? layer.inner("backward_layer") : forward;
    boolean returns = returns(layer, forward);
    layer.check(!forward.flag("go_backwards", false) && !stack.flipped, "reads a sequence that has been turned round"
        + " (go_backwards), and Carousel would have to swap its halves. Turn the sequence back, or swap its layers");
    layer.check(backward.equals(forward) || (backward.flag("go_backwards", false) && backward.flag("return_sequences",
        false) == returns), "has a backward_layer that does not go backwards, or returns what the other does not");
    layer.check(stack.mask.isEmpty() || !returns || stack.version.bidirectionalPaddingIsZero(),
        "returns a masked sequence, whose padding Keras %s made in a way of its own. Save the model with Keras 2.4 or"
            + " later",
        stack.version.text());
    Directions merged = merge(layer);
    Cell left = Cell.of(forward, stack.version, stack.source.of(layer, Part.FORWARD, Cell.names(forward)));
    Cell right = Cell.of(backward, stack.version, stack.source.of(layer, Part.BACKWARD, Cell.names(backward)));
    layer.check(left.fits(right), "has two directions of unlike kinds or sizes, and Carousel runs two alike");
    if (stack.mask.isPresent()) {
      stack.padding = Padding.ZERO_BEFORE_DENSE;
    }
    put(layer, "forward", left);
    put(layer, "reverse", right);
    stack.layers.add(left.layer(merged, right));
    end(returns);
  }

  private static Directions merge(LayerConfig layer) throws FormatException {
    boolean none = layer.config().members().containsKey("merge_mode") && layer.config().find("merge_mode").isEmpty();
    String mode = none ? "None" : layer.text("merge_mode", "concat");
    return switch (mode) {
      case "concat" -> Directions.CONCAT;
      case "sum" -> Directions.SUM;
      case "ave" -> Directions.AVERAGE;
      case "mul" -> Directions.MULTIPLY;
      default ->
        throw layer.refusal("has the merge_mode %s, and its directions are to become one output by concat, sum,"
            + " ave or mul", mode);
    };
  }

  /** Whether a recurrent layer, which needs a row a step, also gives one. */
  private boolean returns(LayerConfig layer, LayerConfig config) throws FormatException {
    stack.checkSequence(layer);
    stack.recurrent = true;
    return config.flag("return_sequences", false);
  }

  private void put(LayerConfig layer, String direction, Cell cell) throws FormatException {
    stack.checkWidth(layer, cell.inputs());
    cell.tensors().forEach((name, tensor) -> stack.tensor(direction + "." + name, tensor));
  }

  private void end(boolean returns) {
    if (!returns) {
      stack.layers.add(FinalState.of(stack.layers.getLast().outputs()));
      stack.sequence = false;
      stack.flipped = false;
    }
  }
}
