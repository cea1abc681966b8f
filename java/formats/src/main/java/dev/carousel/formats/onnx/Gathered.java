package dev.carousel.formats.onnx;

import dev.carousel.Columns;
import dev.carousel.Concat;
import dev.carousel.LastStep;
import dev.carousel.formats.data.FormatException;
import dev.carousel.formats.onnx.Piece.Source;
import java.util.ArrayList;
import java.util.List;

/** Pieces as the rows of one node: the one that they are all of, or one that puts them side by side. */
record Gathered(Place place) {

  /** The node whose rows are these pieces in their order. */
  int node(List<Piece> pieces) throws FormatException {
    Nodes nodes = place.reading().nodes();
    boolean states = pieces.stream().anyMatch(piece -> piece.source() == Source.FIRST_STEP || piece.source().state());
    List<Piece> runs = new ArrayList<>();
    for (Piece piece : pieces) {
      Piece next = states && nodes.isFinal(piece) ? hidden(piece) : piece;
      if (!runs.isEmpty() && runs.getLast().goesOn(next)) {
        Piece last = runs.removeLast();
        runs.add(new Piece(last.source(), last.node(), last.from(), last.width() + next.width(), last.rest()));
      } else {
        runs.add(next);
      }
    }
    List<Integer> read = new ArrayList<>();
    for (Piece run : runs) {
      read.add(run(nodes, run));
    }
    return read.size() == 1 ? read.getFirst()
        : nodes.derive(named(read.getFirst(), "_joined"), new Concat(runs.stream().map(Piece::width).toList()), read);
  }

  /** The step that a direction reads last as the hidden state that it is; where there is one step, as its row. */
  private Piece hidden(Piece step) {
    return new Piece(place.reading().assumed().stepless() ? Source.ROWS : Source.HIDDEN, step.node(), step.from(),
        step.width(), step.rest());
  }

  private int run(Nodes nodes, Piece run) throws FormatException {
    int width = nodes.width(run.node());
    int node = switch (run.source()) {
      case ROWS -> run.node();
      case LAST_STEP -> nodes.derive(named(run.node(), "_last"), LastStep.of(width), run.node());
      case HIDDEN -> nodes.finals(named(run.node(), "_state"), run.node(), false);
      case CELL -> nodes.finals(named(run.node(), "_cell"), run.node(), true);
      case FIRST_STEP ->
        throw place.refused("reads the first step of each sequence; what Carousel selects is the last one,"
            + " or the final state of a layer, whose reverse direction ends at the first step");
    };
    int all = nodes.width(node);
    return run.from() == 0 && run.width() == all ? node
        : nodes.derive(named(node, "_columns"), Columns.of(all, run.from(), run
            .width()), node);
  }

  /** For a node that is called after the one that it reads. */
  private Place named(int read, String ending) {
    return place.named(Naming.safe(place.reading().nodes().entry(read).name() + ending));
  }
}
