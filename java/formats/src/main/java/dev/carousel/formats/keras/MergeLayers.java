package dev.carousel.formats.keras;

import dev.carousel.Concat;
import dev.carousel.Merge;
import dev.carousel.WeightedSum;
import dev.carousel.formats.data.FormatException;
import dev.carousel.formats.json.Json;
import dev.carousel.formats.keras.Signal.Form;
import dev.carousel.formats.keras.Signal.Tail;
import dev.carousel.spi.form.Mapping.Combine.Rule;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Layers that make one row of several. */
record MergeLayers(LayerCall call) {

  /** Rows side by side. */
  Signal concatenate() throws FormatException {
    List<Signal> reads = rows();
    Signal first = reads.getFirst();
    for (Signal read : reads) {
      call.layer().check(read.form() == first.form(), "puts %s beside %s", read.form(), first.form());
    }
    int axis = call.config().axis(first.form().rank());
    call.layer().check(axis == first.form().rank() - 1,
        "puts tensors behind each other along axis %d of %s, and only the"
            + " last is run",
        axis, first.form());
    if (reads.size() == 1) {
      return first;
    }
    Concat concat = new Concat(reads.stream().map(Signal::width).toList());
    return joined(reads, call.node("concat", concat, Map.of(), nodes(reads)), concat.outputs());
  }

  /** Rows element by element. */
  Signal merge(Rule rule) throws FormatException {
    List<Signal> reads = new ArrayList<>(call.reads());
    call.layer().check(reads.size() > 1, "takes %d inputs, and two or more are merged", reads.size());
    call.layer().check(rule != Rule.SUBTRACT || reads.size() == 2, "takes %d inputs, and two are subtracted",
        reads.size());
    boolean scores = reads.stream().allMatch(read -> read.form() == Form.SCORES);
    int width = reads.stream().mapToInt(Signal::width).max().orElseThrow();
    for (int i = 0; i < reads.size(); i++) {
      boolean spread = reads.get(i).form() == Form.SPREAD && reads.get(i).width() == width;
      if (!scores && !spread) {
        reads.set(i, call.features(reads.get(i)));
      }
    }
    Signal widest = reads.stream().filter(read -> read.width() == width && read.form() != Form.SPREAD).findFirst()
        .orElseThrow(() -> call.layer().refusal("merges scores that stand at all features with each other"));
    call.layer().check(rule != Rule.SUBTRACT || reads.getFirst().equals(widest),
        "takes rows of %d from a row of %d, which would have to grow", width, reads.getFirst().width());
    for (Signal read : reads) {
      call.layer().check(read.width() == width || read.width() == 1, "merges rows of %d with rows of %d", read.width(),
          width);
    }
    reads.remove(widest);
    reads.addFirst(widest);
    Signal merged = joined(reads, call.node("merge", Merge.of(rule, width), Map.of(), nodes(reads)), width);
    return scores ? merged.form(Form.SCORES) : merged;
  }

  private List<Signal> rows() throws FormatException {
    List<Signal> rows = new ArrayList<>();
    call.layer().check(!call.reads().isEmpty(), "takes no inputs");
    for (Signal read : call.reads()) {
      rows.add(call.features(read));
    }
    return rows;
  }

  private static List<String> nodes(List<Signal> reads) {
    return reads.stream().map(Signal::node).toList();
  }

  /** Rows of as many steps as those have that there is a row a step of. */
  private Signal joined(List<Signal> reads, String node, int width) throws FormatException {
    Optional<Signal> steps = reads.stream().filter(read -> read.form().perStep()).findFirst();
    if (steps.isEmpty()) {
      boolean single = reads.stream().anyMatch(read -> read.form() == Form.SINGLE);
      return single ? Signal.row(node, width).form(Form.SINGLE) : Signal.row(node, width);
    }
    boolean masked = false;
    for (Signal read : reads) {
      if (read.form().perStep()) {
        call.layer().check(read.flipped() == steps.get().flipped(), "joins a sequence that has been turned round"
            + " (go_backwards) with one that has not");
        masked |= read.masked();
      }
    }
    boolean all = reads.stream().allMatch(read -> read.form().perStep() && read.tail() == Tail.ZERO);
    boolean repeats = reads.stream().allMatch(read -> !read.form().perStep() || read.tail() == Tail.REPEAT);
    Tail tail = all ? Tail.ZERO : repeats ? Tail.REPEAT : Tail.OTHER;
    Signal joined = Signal.steps(node, width, steps.get().axis()).flipped(steps.get().flipped());
    return masked && keepsMask(reads) ? joined.masked(tail) : joined;
  }

  /** Whether a mask goes on where some of what is merged has none. */
  private boolean keepsMask(List<Signal> reads) {
    return call.version().major() < 3 || call.config().className().equals("Concatenate")
        || reads.stream().allMatch(Signal::masked);
  }

  /** The rows of all steps added up, each times its score. */
  Signal dot() throws FormatException {
    List<Signal> reads = call.reads();
    call.layer().check(reads.size() == 2 && !call.config().flag("normalize", false),
        "takes %d inputs, or normalises them,"
            + " and the sum of a sequence's rows by scores is run",
        reads.size());
    int first = axis(0, reads.getFirst());
    int second = axis(1, reads.getLast());
    boolean swapped = scores(reads.getFirst(), first) && rows(reads.getLast(), second);
    boolean sum = swapped || (rows(reads.getFirst(), first) && scores(reads.getLast(), second));
    call.layer().check(sum,
        "multiplies %s along axis %d with %s along axis %d, and only a sequence's rows with one score"
            + " a step are run",
        reads.getFirst().form(), first, reads.getLast().form(), second);
    Signal rows = reads.get(swapped ? 1 : 0);
    Signal scores = reads.get(swapped ? 0 : 1);
    call.layer().check(rows.flipped() == scores.flipped() && rows.axis().equals(scores.axis()),
        "multiplies rows with the scores of other steps");
    call.countsAll(rows);
    call.countsAll(scores);
    String node = call.node("sum", WeightedSum.of(rows.width()), Map.of(), rows, scores);
    Signal row = Signal.row(node, rows.width());
    return scores.form() == Form.SCORES ? row : row.form(swapped ? Form.SINGLE : Form.COLUMN);
  }

  private static boolean rows(Signal in, int axis) {
    return in.form() == Form.SEQUENCE && axis == 1;
  }

  private static boolean scores(Signal in, int axis) {
    return (in.form() == Form.SCORES && axis == 1) || (in.form() == Form.SEQUENCE && in.width() == 1 && axis == 1)
        || (in.form() == Form.TURNED && in.width() == 1 && axis == 2);
  }

  private int axis(int index, Signal in) throws FormatException {
    Json axes = call.config().config().get("axes");
    Json axis = axes instanceof Json.Items(List<Json> items) && items.size() == 2 ? items.get(index) : axes;
    long number = axis.whole();
    return (int) (number < 0 ? number + in.form().rank() : Math.min(number, Integer.MAX_VALUE));
  }
}
