package dev.carousel.formats.onnx;

import dev.carousel.Dense;
import dev.carousel.Tensor;
import dev.carousel.WeightedSum;
import dev.carousel.formats.data.FormatException;
import dev.carousel.formats.onnx.Factor.Columns;
import dev.carousel.formats.onnx.Piece.Rest;
import dev.carousel.formats.onnx.Value.Rows;
import dev.carousel.spi.form.Mapping.Combine.Rule;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * The product of two values that both are rows: rows of all steps added up by weights, or rows of all steps each times
 * one row.
 */
record Attention(Call call) {

  Rows product(Rows left, Rows right) throws FormatException {
    int rank = left.axes().rank();
    boolean fits = rank == right.axes().rank() && rank >= 2;
    for (int i = 0; fits && i < rank - 2; i++) {
      fits = call.reading().same(left.axes().get(i), right.axes().get(i))
          && left.axes().get(i).stream().noneMatch(Columns.class::isInstance);
    }
    if (fits) {
      List<Factor> inner = left.axes().get(rank - 1);
      List<Factor> outer = left.axes().get(rank - 2);
      List<Factor> other = right.axes().get(rank - 1);
      if (call.reading().same(inner, right.axes().get(rank - 2))) {
        if (columns(outer, left) && columns(other, right) && new Steps(call).counts(left.axes(), rank - 1)) {
          return summed(left, right, rank);
        }
        if (columns(inner, left) && left.width() == right.width() && (other.isEmpty() || outer.isEmpty())) {
          return scores(left, right, rank);
        }
      }
    }
    throw call
        .refused("multiplies two values that are computed; what Carousel computes are rows of all steps added up by"
            + " weights, and rows times one row");
  }

  private static boolean columns(List<Factor> factors, Rows rows) {
    return rows.width() == 1 ? factors.isEmpty() : factors.equals(List.of(new Columns(rows.width(), 1)));
  }

  /** Over the steps: {@code [columns][steps]} by {@code [steps][columns]}, of which one is weights and the other rows. */
  private Rows summed(Rows left, Rows right, int rank) throws FormatException {
    boolean first = left.width() < right.width(); // the weights are fewer
    Rows weights = first ? left : right;
    Rows rows = first ? right : left;
    Steps steps = new Steps(call);
    steps.dim(left.axes(), rank - 1);
    int values = steps.valid(rows, "a sum");
    int node = call.reading().nodes().derive(call.place(), new WeightedSum(rows.width(), weights.width()), values, steps
        .valid(weights, "a sum"));
    List<Factor> heads = List.of(new Columns(weights.width(), rows.width()));
    List<Factor> columns = List.of(new Columns(rows.width(), 1));
    return new Rows(List.of(call.reading().nodes().all(node, Rest.OTHER)), left.axes()
        .with(rank - 2, first ? heads : columns).with(rank - 1, first ? columns : heads));
  }

  /** Over the columns: each row times one row, added up. */
  private Rows scores(Rows left, Rows right, int rank) throws FormatException {
    Axes turned = right.axes().permuted(order(rank));
    Rows product = new Pairs(call, Rule.MULTIPLY).of(left, right.axes(turned));
    float[] ones = new float[product.width()];
    Arrays.fill(ones, 1);
    call.reading().spend(4L * ones.length, call.label());
    Nodes nodes = call.reading().nodes();
    int node = nodes.add(call.place(), Dense.of(ones.length, 1).withoutBias(), List.of(call.node(product)),
        Map.of("weight", Tensor.of(1, ones.length, ones)));
    return new Rows(List.of(nodes.all(node, Rest.OTHER)), left.axes().with(rank - 1, right.axes().get(rank - 1)));
  }

  private static List<Integer> order(int rank) {
    List<Integer> order = new ArrayList<>();
    for (int i = 0; i < rank - 2; i++) {
      order.add(i);
    }
    order.addAll(List.of(rank - 1, rank - 2));
    return order;
  }
}
