package dev.carousel.formats.onnx;

import dev.carousel.Conv;
import dev.carousel.Dense;
import dev.carousel.Elementwise;
import dev.carousel.Layer;
import dev.carousel.Tensor;
import dev.carousel.formats.data.FormatException;
import dev.carousel.formats.data.Matrices;
import dev.carousel.formats.onnx.Nodes.Form;
import dev.carousel.formats.onnx.Piece.Rest;
import dev.carousel.formats.onnx.Value.Rows;
import dev.carousel.spi.form.Activation;
import dev.carousel.spi.form.Activation.Kind;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Functions of each element of rows: a part of the dense layer or the convolution that they stand behind, or layers. */
record Functions(Call call) {

  /** The function of each element; of rows that stand side by side, of each, as each may have a layer to be a part of. */
  Rows of(Rows rows, Activation function) throws FormatException {
    Nodes nodes = call.reading().nodes();
    if (rows.pieces().size() == 1 || !rows.pieces().stream().allMatch(nodes::whole)) {
      return with(rows, of(call.node(rows), function));
    }
    List<Piece> pieces = new ArrayList<>();
    for (Piece piece : rows.pieces()) {
      pieces.addAll(with(rows, of(piece.node(), function)).pieces());
    }
    return new Rows(List.copyOf(pieces), rows.axes());
  }

  /** The same in what is now another node, all of whose columns are those that were there. */
  Rows with(Rows rows, int node) {
    Nodes nodes = call.reading().nodes();
    boolean dense = rows.rest() == Rest.DENSE && nodes.layer(node) instanceof Dense;
    return new Rows(List.of(nodes.all(node, dense ? Rest.DENSE : Rest.OTHER)), rows.axes());
  }

  int of(int node, Activation function) throws FormatException {
    if (function.equals(Activation.IDENTITY)) {
      return node;
    }
    Nodes nodes = call.reading().nodes();
    Layer own = new Elementwise(nodes.width(node), function);
    if (nodes.layer(node) instanceof Dense dense && !dense.probabilities()) {
      Optional<Activation> both = both(dense.activation(), function);
      if (both.isPresent()) {
        return nodes.fuse(call.place(), node, dense.activation(both.get()), nodes.entry(node).tensors(),
            new Form(own, List.of(node)));
      }
      if (dense.activation().kind() == Kind.AFFINE) {
        return nodes.fuse(call.place(), node, new Dense(dense.inputs(), dense.outputs(), function, false, true),
            linear(node, dense), new Form(own, List.of(node)));
      }
    }
    if (nodes.layer(node) instanceof Conv conv && conv.activation().equals(Activation.IDENTITY)) {
      return nodes.fuse(call.place(), node, conv.activation(function), nodes.entry(node).tensors(),
          new Form(own, List.of(node)));
    }
    return nodes.derive(call.place(), own, node);
  }

  /** Two functions, one of what the other gives, as one; none where there is no such. */
  private static Optional<Activation> both(Activation before, Activation after) {
    if (before.equals(Activation.IDENTITY)) {
      return Optional.of(after);
    }
    boolean scaled = after.kind() == Kind.AFFINE;
    return switch (before.kind()) {
      case AFFINE -> scaled ? finite(Kind.AFFINE, before.alpha() * after.alpha(), before.beta() * after.alpha() + after
          .beta())
          : after.kind() == Kind.TANH && before.beta() == 0 ? finite(Kind.SCALED_TANH, 1, before.alpha())
              : Optional.empty();
      case TANH -> scaled && after.beta() == 0 ? finite(Kind.SCALED_TANH, after.alpha(), 1) : Optional.empty();
      case SCALED_TANH -> scaled && after.beta() == 0 ? finite(Kind.SCALED_TANH, before.alpha() * after.alpha(), before
          .beta()) : Optional.empty();
      default -> Optional.empty();
    };
  }

  private static Optional<Activation> finite(Kind kind, float alpha, float beta) {
    return Float.isFinite(alpha) && Float.isFinite(beta) ? Optional.of(kind.of(alpha, beta)) : Optional.empty();
  }

  /**
   * The weights with which a dense layer computes what it does with an activation that multiplies and adds, without it.
   */
  Map<String, Tensor> linear(int node, Dense dense) throws FormatException {
    Nodes nodes = call.reading().nodes();
    Activation activation = dense.activation();
    Map<String, Tensor> weights = new HashMap<>(nodes.entry(node).tensors());
    if (activation.equals(Activation.IDENTITY)) {
      return weights;
    }
    call.reading().spend(4L * dense.outputs() * (dense.inputs() + 1L), call.label());
    weights.put("weight", Weighing.scaled(nodes.tensor(node, "weight"), activation.alpha()));
    float[] offsets = new float[dense.outputs()];
    Arrays.fill(offsets, activation.beta());
    Tensor offset = Tensor.of(1, dense.outputs(), offsets);
    weights.put("bias", dense.bias()
        ? Matrices.sum(Weighing.scaled(nodes.tensor(node, "bias"), activation.alpha()), offset)
        : offset);
    return weights;
  }
}
