package dev.carousel.kit;

import dev.carousel.spi.form.CellUpdate;
import dev.carousel.spi.form.GateGemm;
import dev.carousel.spi.form.Mapping;
import dev.carousel.spi.form.Operation;
import dev.carousel.spi.form.Program;
import dev.carousel.spi.form.Scan;
import dev.carousel.spi.form.Slot;
import dev.carousel.spi.form.Step;
import dev.carousel.spi.form.View;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * An input product and the scan behind it, recognised as one layer in one direction.
 *
 * @param scan the loop over the steps, in the direction of the layer
 * @param input the product of all steps, into gates that nothing else uses
 * @param recurrent the product with the hidden state
 * @param second the projection, or n's product of a GRU that resets before; or null
 * @param update the cell; of a GRU that resets before the second half of it
 * @param hidden the hidden state, after the projection where there is one
 * @param state the cell state of an LSTM, or null
 * @param out the sequence of hidden states, or null where none is returned
 */
public record FusedLayer(Scan scan, GateGemm input, GateGemm recurrent, @Nullable GateGemm second, CellUpdate update,
    View hidden, @Nullable View state, @Nullable View out) {

  /** The layer that two steps make, or null where they are anything else. */
  static @Nullable FusedLayer of(Program program, Step first, Step second) {
    if (!(first instanceof GateGemm input && second instanceof Scan scan) || input.accumulate()
        || !own(input.out(), Slot.Extent.STEPS) || input.in().slot().extent() != Slot.Extent.STEPS) {
      return null;
    }
    FusedLayer layer = match(scan, input);
    return layer != null && layer.sound(program) ? layer : null;
  }

  private static @Nullable FusedLayer match(Scan scan, GateGemm input) {
    List<Operation> body = scan.body();
    if (!(body.getFirst() instanceof GateGemm recurrent)) {
      return null;
    }
    return switch (body.getLast()) {
      case CellUpdate.Rnn rnn when body.size() == 2 && adds(recurrent, rnn.hidden(), input.out())
          && rnn.gates().equals(input.out()) ->
        new FusedLayer(scan, input, recurrent, null, rnn, rnn.hidden(), null, rnn.out());
      case CellUpdate.Lstm lstm when body.size() == 2 && adds(recurrent, lstm.hidden(), input.out())
          && lstm.gates().equals(input.out()) ->
        new FusedLayer(scan, input, recurrent, null, lstm, lstm.hidden(), lstm.cell(), lstm.out());
      case CellUpdate.Gru gru when body.size() == 2 && gru.gates().equals(input.out())
          && recurrent.in().equals(gru.hidden()) && !recurrent.accumulate() && recurrent.out().equals(gru.recurrent())
          && own(recurrent.out(), Slot.Extent.BATCH) ->
        new FusedLayer(scan, input, recurrent, null, gru, gru.hidden(), null, gru.out());
      case CellUpdate.Gru gru when body.size() == 4 -> resetBefore(scan, input, recurrent, gru);
      case Mapping.Copy copy when body.size() == 4 -> projected(scan, input, recurrent, copy);
      default -> null;
    };
  }

  private static @Nullable FusedLayer projected(Scan scan, GateGemm input, GateGemm recurrent, Mapping.Copy copy) {
    View hidden = copy.in();
    boolean matches = scan.body().get(1) instanceof CellUpdate.Lstm lstm && lstm.out() == null
        && lstm.gates().equals(input.out()) && own(lstm.hidden(), Slot.Extent.BATCH)
        && scan.body().get(2) instanceof GateGemm projection && !projection.accumulate()
        && projection.in().equals(lstm.hidden()) && projection.out().equals(hidden)
        && adds(recurrent, hidden, input.out());
    return matches && scan.body().get(1) instanceof CellUpdate.Lstm lstm
        && scan.body().get(2) instanceof GateGemm projection
            ? new FusedLayer(scan, input, recurrent, projection, lstm, hidden, lstm.cell(), copy.out())
            : null;
  }

  private static @Nullable FusedLayer resetBefore(Scan scan, GateGemm input, GateGemm recurrent, CellUpdate.Gru gru) {
    int units = gru.hidden().columns();
    Slot gates = input.out().slot();
    if (gates.columns() != 3 * units || !gru.gates().equals(input.out()) || gru.recurrent() != null
        || !adds(recurrent, gru.hidden(), gates.columns(0, 2 * units))) {
      return null;
    }
    boolean matches = scan.body().get(1) instanceof CellUpdate.GruReset reset && reset.hidden().equals(gru.hidden())
        && reset.gates().equals(gates.columns(0, units)) && own(reset.out(), Slot.Extent.BATCH)
        && reset.gate().equals(gru.gate()) && reset.clip() == gru.clip()
        && scan.body().get(2) instanceof GateGemm product
        && adds(product, reset.out(), gates.columns(2 * units, units));
    return matches && scan.body().get(2) instanceof GateGemm product
        ? new FusedLayer(scan, input, recurrent, product, gru, gru.hidden(), null, gru.out())
        : null;
  }

  private static boolean adds(GateGemm gemm, View in, View out) {
    return gemm.in().equals(in) && gemm.out().equals(out) && gemm.accumulate() && gemm.bias() == null;
  }

  /** All columns of a scratch slot. */
  private static boolean own(View view, Slot.Extent extent) {
    return view.equals(view.slot().view()) && view.slot().role() == Slot.Role.SCRATCH
        && view.slot().extent() == extent;
  }

  /** What is kept in other places here may not be seen elsewhere, and what is read may not be written meanwhile. */
  private boolean sound(Program program) {
    List<Operation> mine = new ArrayList<>(scan.body());
    mine.add(input);
    return hidden.slot().role() == Slot.Role.STATE && (out == null || returns(out))
        && absorbed().stream().allMatch(slot -> uses(program.operations(), slot) == uses(mine.stream(), slot));
  }

  private boolean returns(View sequence) {
    return sequence.slot().extent() == Slot.Extent.STEPS && !sequence.overlaps(input.in());
  }

  private static long uses(Stream<Operation> operations, Slot slot) {
    return operations.filter(operation -> uses(operation, slot)).count();
  }

  private static boolean uses(Operation operation, Slot slot) {
    return Stream.concat(operation.reads().stream(), operation.writes().stream())
        .anyMatch(view -> view.slot().equals(slot));
  }

  /** The scratch slots that are not needed any more. */
  public List<Slot> absorbed() {
    return Stream.concat(Stream.of(input), scan.body().stream()).flatMap(operation -> operation.writes().stream())
        .map(View::slot)
        .filter(slot -> slot.role() == Slot.Role.SCRATCH && (out == null || !slot.equals(out.slot()))).distinct()
        .toList();
  }

  /** The hidden units of the cell, before a projection. */
  public int units() {
    return input.out().columns() / gates();
  }

  /** The gates of the input product. */
  public int gates() {
    return switch (update) {
      case CellUpdate.Rnn _ -> 1;
      case CellUpdate.Lstm lstm -> lstm.coupled() ? 3 : 4;
      case CellUpdate.GruReset _,CellUpdate.Gru _ -> 3;
    };
  }

  /** The gates of the first product with the hidden state. */
  public int recurrentGates() {
    return recurrent.out().columns() / units();
  }

  /** Whether this and another may run at the same time. */
  public boolean apart(FusedLayer other) {
    return written().stream().noneMatch(view -> other.touched().stream().anyMatch(view::overlaps))
        && other.written().stream().noneMatch(view -> touched().stream().anyMatch(view::overlaps));
  }

  private List<View> written() {
    return Stream.of(hidden, state, out).flatMap(Stream::ofNullable).toList();
  }

  private List<View> touched() {
    return Stream.concat(written().stream(), Stream.of(input.in())).toList();
  }
}
