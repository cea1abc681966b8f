package dev.carousel.formats.onnx;

import dev.carousel.Dense;
import dev.carousel.Tensor;
import dev.carousel.formats.data.FormatException;
import dev.carousel.formats.data.NdArray;
import dev.carousel.formats.onnx.Factor.Columns;
import dev.carousel.formats.onnx.Piece.Rest;
import dev.carousel.formats.onnx.Value.Rows;
import dev.carousel.spi.form.Window;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/**
 * A convolution over columns of a row, as over the samples or the frames that are one step: a dense layer for each place of
 * the window, which reads just the columns that are in it. Nothing is multiplied by zeros.
 *
 * @param rows with the axes sequences, channels and places, of which the last two count columns
 */
record FrameWindows(Call call, Rows rows) {
  private static final int MOST = 1024; // places of a window, a layer each

  /** Whether rows are so. */
  static boolean fits(Rows rows) {
    return rows.axes().rank() == 3 && rows.axes().get(2).stream().allMatch(Columns.class::isInstance)
        && rows.axes().get(1).stream().allMatch(Columns.class::isInstance);
  }

  /**
   * The results: the places of the window one after the other, in each all outputs.
   *
   * @param weights {@code [outputs][channels][window]}
   */
  Rows conv(NdArray weights, Window window) throws FormatException {
    int channels = (int) weights.size(1);
    int outputs = (int) weights.size(0);
    int places = Math.toIntExact(rows.axes().size(2).number().orElseThrow());
    if (!rows.axes().size(1).is(channels) || (long) channels * places != rows.width()) {
      throw call.refused("takes %d channels along axis 1, and what it reads has %s", channels, rows.axes().size(1));
    }
    int results = window.results(places);
    if (results < 1 || results > MOST) {
      throw call.refused("goes over %d places of a row, with %d results; 1 to %d are read", places, results, MOST);
    }
    tight(window, places, results);
    FrameWindows whole = gathered();
    Piece[] columns = whole.columns();
    List<Piece> pieces = new ArrayList<>();
    for (int result = 0; result < results; result++) {
      pieces.add(whole.place(weights, window, window.begin(result, places), columns));
    }
    List<Factor> along = List.of(new Columns(results, outputs));
    return new Rows(List.copyOf(pieces), rows.axes().with(1, List.of(new Columns(outputs, 1))).with(2, along));
  }

  /** A row whose width is open is as wide as windows leave nothing of. */
  private void tight(Window window, int places, int results) throws FormatException {
    int width = call.reading().assumed().width();
    if (width == 0) {
      return;
    }
    call.reading().widths((long) window.reach() - window.before() - window.after() + width - places, window.stride());
    if (width == Assumed.ANY || window.begin(results - 1, places) + window.reach() < places) {
      throw call.refused("leaves columns at the end of a row whose width is open unread");
    }
  }

  /** The same of one node, so that the windows see columns of it and nothing is copied; mirrored columns stay as they are. */
  private FrameWindows gathered() throws FormatException {
    Nodes nodes = call.reading().nodes();
    boolean whole = rows.pieces().stream().allMatch(nodes::whole)
        && rows.pieces().stream().map(Piece::node).distinct().count() == rows.pieces().size();
    return whole
        ? new FrameWindows(call, new Rows(List.of(nodes.all(call.node(rows), Rest.OTHER)), rows.axes()))
        : this;
  }

  private Piece place(NdArray weights, Window window, int begin, Piece[] all) throws FormatException {
    int outputs = (int) weights.size(0);
    int channels = (int) weights.size(1);
    int width = (int) weights.size(2);
    int places = all.length / channels;
    Map<String, TreeMap<Integer, float[]>> read = new LinkedHashMap<>(); // by node, then by column
    Map<String, Piece> nodes = new LinkedHashMap<>();
    call.reading().spend(8L * outputs * channels * width, call.label());
    for (int tap = 0; tap < width; tap++) {
      int at = begin + tap * window.dilation();
      for (int channel = 0; at >= 0 && at < places && channel < channels; channel++) {
        Piece piece = all[column(channel, at)];
        String key = piece.node() + " " + piece.source();
        nodes.putIfAbsent(key, piece);
        float[] sums = read.computeIfAbsent(key, _ -> new TreeMap<>()).computeIfAbsent(piece.from(),
            _ -> new float[outputs]);
        for (int output = 0; output < outputs; output++) {
          sums[output] += weights.getFloat(((long) output * channels + channel) * width + tap);
        }
      }
    }
    return dense(nodes, read, outputs);
  }

  /** The column of a row at which a channel of a place stands. */
  private int column(int channel, int place) {
    return offset(rows.axes().get(1), channel) + offset(rows.axes().get(2), place);
  }

  /** All columns of a row, each alone. */
  private Piece[] columns() {
    Piece[] columns = new Piece[rows.width()];
    int from = 0;
    for (Piece piece : rows.pieces()) {
      for (int i = 0; i < piece.width(); i++) {
        columns[from++] = piece.columns(i, 1);
      }
    }
    return columns;
  }

  private static int offset(List<Factor> factors, int index) {
    int offset = 0;
    int rest = index;
    for (Factor factor : factors.reversed()) {
      Columns columns = (Columns) factor;
      offset += rest % columns.count() * columns.stride();
      rest /= columns.count();
    }
    return offset;
  }

  private Piece dense(Map<String, Piece> nodes, Map<String, TreeMap<Integer, float[]>> read, int outputs)
      throws FormatException {
    List<Piece> pieces = new ArrayList<>();
    List<float[]> columns = new ArrayList<>();
    read.forEach((key, sums) -> sums.forEach((column, weights) -> {
      Piece piece = Objects.requireNonNull(nodes.get(key));
      pieces.add(new Piece(piece.source(), piece.node(), column, 1, piece.rest()));
      columns.add(weights);
    }));
    if (columns.isEmpty()) {
      throw call.refused("has a place of its window in which there are no columns");
    }
    float[] weights = new float[Math.multiplyExact(outputs, columns.size())];
    for (int output = 0; output < outputs; output++) {
      for (int column = 0; column < columns.size(); column++) {
        weights[output * columns.size() + column] = columns.get(column)[output];
      }
    }
    Nodes all = call.reading().nodes();
    boolean bias = call.optional(2).isPresent();
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    tensors.put("weight", Tensor.of(outputs, columns.size(), weights));
    if (bias) {
      tensors.put("bias", Weighing.bias(call, call.constant(2, "bias"), 1, outputs));
    }
    Dense dense = Dense.of(columns.size(), outputs);
    int node = all.add(call.place(), bias ? dense : dense.withoutBias(),
        List.of(new Gathered(call.place()).node(pieces)),
        tensors);
    return all.all(node, Rest.OTHER);
  }

  /** Columns mirrored at both ends of the last axis, which are there already. */
  Rows mirrored(int before, int after) throws FormatException {
    int places = Math.toIntExact(rows.axes().size(2).number().orElseThrow());
    if (before >= places || after >= places || !rows.axes().get(1).isEmpty()) {
      throw call.refused("mirrors %d and %d of %d columns", before, after, places);
    }
    Piece[] columns = columns();
    List<Piece> pieces = new ArrayList<>();
    for (int i = -before; i < places + after; i++) {
      int at = i < 0 ? -i : i < places ? i : 2 * (places - 1) - i;
      Piece next = columns[column(0, at)];
      Piece last = pieces.isEmpty() ? null : pieces.getLast();
      if (last != null && last.goesOn(next)) {
        pieces.removeLast();
        pieces.add(new Piece(last.source(), last.node(), last.from(), last.width() + 1, last.rest()));
      } else {
        pieces.add(next);
      }
    }
    return new Rows(List.copyOf(pieces), rows.axes().with(2, List.of(new Columns(places + before + after, 1))));
  }
}
