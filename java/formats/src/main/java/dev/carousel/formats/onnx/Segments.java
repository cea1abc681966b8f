package dev.carousel.formats.onnx;

import dev.carousel.Columns;
import dev.carousel.formats.data.FormatException;
import dev.carousel.formats.onnx.Nodes.Form;
import dev.carousel.formats.onnx.proto.NodeProto;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * An input of the graph of which some columns are read as floats and some as indices, in runs of the one and the other:
 * each is an input of the network.
 *
 * @param runs in their order
 */
record Segments(List<Run> runs) {
  /** Columns side by side. */
  record Run(String name, int from, int width, boolean indices) {}

  /**
   * The runs of an input.
   *
   * @param floats what reads its columns as floats
   * @param indices what reads them as indices
   */
  static Segments of(String input, int width, List<Form> floats, List<Form> indices, Naming names)
      throws FormatException {
    int[] kinds = new int[width]; // 0 where nothing reads a column, 1 for floats, 2 for indices
    for (int kind = 1; kind <= 2; kind++) {
      for (Form form : kind == 1 ? floats : indices) {
        Columns columns = form.layer() instanceof Columns part ? part : Columns.of(width, 0, width);
        for (int i = columns.first(); i < columns.first() + columns.outputs(); i++) {
          FormatException.check(kinds[i] == 0 || kinds[i] == kind,
              "Column %d of the input %s is read both as a float and"
                  + " as an index. Make it two inputs.",
              i, NodeProto.shortened(input));
          kinds[i] = kind;
        }
      }
    }
    List<Run> runs = new ArrayList<>();
    int first = Arrays.stream(kinds).filter(kind -> kind > 0).findFirst().orElse(1);
    for (int from = 0; from < width;) {
      int kind = from == 0 ? first : kinds[from];
      int to = from + 1;
      while (to < width && (kinds[to] == 0 || kinds[to] == kind)) {
        to++;
      }
      runs.add(new Run(names.free(Naming.safe(input)), from, to - from, kind == 2));
      from = to;
    }
    return new Segments(runs);
  }

  /** The run that columns are of. */
  Run run(Columns columns) {
    return runs.stream().filter(run -> run.from() + run.width() > columns.first()).findFirst().orElseThrow();
  }
}
