package dev.carousel.formats.onnx;

import dev.carousel.Dense;
import dev.carousel.Directions;
import dev.carousel.Elementwise;
import dev.carousel.Recurrent;
import dev.carousel.Scale;
import dev.carousel.Tensor;
import dev.carousel.formats.data.FormatException;
import dev.carousel.formats.data.Matrices;
import dev.carousel.formats.data.NdArray;
import dev.carousel.formats.onnx.Nodes.Form;
import dev.carousel.formats.onnx.Piece.Rest;
import dev.carousel.formats.onnx.Value.Rows;
import dev.carousel.spi.form.Activation;
import dev.carousel.spi.form.Activation.Kind;
import dev.carousel.spi.form.Mapping.Combine.Rule;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Rows and a constant as rows, element by element: one number, or one for each column.
 *
 * @param turned whether the constant comes first
 */
record WithConstant(Call call, Rule rule, boolean turned) {

  Rows of(Rows rows, NdArray constant) throws FormatException {
    Rows all = rows;
    while (constant.rank() > all.axes().rank()) {
      all = all.axes(all.axes().inserted(0));
    }
    if (constant.count() == 1) {
      return number(all, constant.getFloat(0));
    }
    return row(all, new ColumnConstant(call).row(all.axes(), all.width(), constant));
  }

  private Rows number(Rows rows, float number) throws FormatException {
    Functions functions = new Functions(call);
    Optional<Rows> mean = mean(rows, number);
    if (mean.isPresent()) {
      return mean.get();
    }
    if (rule == Rule.DIVIDE && turned) {
      return functions.of(functions.of(rows, Kind.RECIPROCAL.of()), affine(number, 0));
    }
    if (rule == Rule.SUM && number != 0) {
      Nodes nodes = call.reading().nodes();
      int node = call.node(rows);
      if (nodes.layer(node) instanceof Dense dense && dense.activation().equals(Activation.IDENTITY)
          && !dense.probabilities()) {
        float[] same = new float[rows.width()];
        Arrays.fill(same, number);
        return functions.with(rows, biased(node, dense, same));
      }
    }
    return functions.of(rows, switch (rule) {
      case SUM -> affine(1, number);
      case SUBTRACT -> turned ? affine(-1, number) : affine(1, -number);
      case MULTIPLY -> affine(number, 0);
      case DIVIDE -> affine(1 / number, 0);
      case MAXIMUM -> number == 0 ? Activation.RELU : Kind.CLIP.of(finite(number), Float.MAX_VALUE);
      case MINIMUM -> Kind.CLIP.of(-Float.MAX_VALUE, finite(number));
      case AVERAGE -> throw call.foreign();
    });
  }

  /** The half of the sum of two directions is their mean. */
  private Optional<Rows> mean(Rows rows, float number) throws FormatException {
    Nodes nodes = call.reading().nodes();
    Piece piece = rows.pieces().getFirst();
    boolean half = rule == Rule.MULTIPLY ? number == 0.5f : rule == Rule.DIVIDE && !turned && number == 2;
    if (!half || rows.pieces().size() > 1 || piece.width() != nodes.width(piece.node())
        || !(nodes.layer(piece.node()) instanceof Recurrent layer) || layer.directions() != Directions.SUM) {
      return Optional.empty();
    }
    Activation halved = Kind.AFFINE.of(0.5f, 0);
    int node = nodes.fuse(call.place(), piece.node(), Nodes.with(layer, Directions.AVERAGE), nodes.entry(piece.node())
        .tensors(), new Form(new Elementwise(layer.width(), halved), List.of(piece.node())));
    return Optional.of(new Rows(List.of(nodes.all(node, piece.rest()).source(piece.source())), rows.axes()));
  }

  private Activation affine(float factor, float offset) throws FormatException {
    return Kind.AFFINE.of(finite(factor), finite(offset));
  }

  private float finite(float number) throws FormatException {
    if (!Float.isFinite(number)) {
      throw call.refused("computes with a number that makes a constant of %s; it must be finite", number);
    }
    return number;
  }

  /** One number a column, in the order of the row. */
  private Rows row(Rows rows, float[] row) throws FormatException {
    Functions functions = new Functions(call);
    int node = call.node(rows);
    Nodes nodes = call.reading().nodes();
    float[] numbers = row.clone();
    if (rule == Rule.SUBTRACT && turned) {
      node = functions.of(node, affine(-1, 0));
    }
    if (rule == Rule.DIVIDE && turned) {
      node = functions.of(node, Kind.RECIPROCAL.of());
    }
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = finite(
          rule == Rule.SUBTRACT && !turned ? -row[i] : rule == Rule.DIVIDE && !turned ? 1 / row[i] : row[i]);
    }
    boolean shift = rule == Rule.SUM || rule == Rule.SUBTRACT;
    if (!shift && rule != Rule.MULTIPLY && rule != Rule.DIVIDE) {
      throw call
          .refused("takes the larger or the smaller of rows and a constant for each column; Carousel takes that of"
              + " rows and one number");
    }
    if (shift && nodes.layer(node) instanceof Dense dense && !dense.probabilities()
        && (dense.activation().equals(Activation.IDENTITY) || dense.activation().kind() == Kind.AFFINE)) {
      return functions.with(rows, biased(node, dense, numbers));
    }
    Scale scale = new Scale(numbers.length, !shift, shift);
    int scaled = nodes.add(call.place(), scale, List.of(node), Map.of(shift ? "shift" : "scale", Tensor.of(1,
        numbers.length, numbers)));
    return new Rows(List.of(nodes.all(scaled, Rest.OTHER)), rows.axes());
  }

  /** A dense layer with what is added behind it as its bias. */
  private int biased(int node, Dense dense, float[] bias) throws FormatException {
    Nodes nodes = call.reading().nodes();
    Map<String, Tensor> weights = new HashMap<>(new Functions(call).linear(node, dense));
    Tensor more = Tensor.of(1, bias.length, bias);
    Tensor before = weights.get("bias");
    weights.put("bias", before == null ? more : Matrices.sum(before, more));
    weights.put("shift", more);
    return nodes.fuse(call.place(), node, new Dense(dense.inputs(), dense.outputs(), Activation.IDENTITY, false, true),
        weights, new Form(Scale.of(bias.length).withoutScale(), List.of(node)));
  }
}
