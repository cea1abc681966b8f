package dev.carousel;

import dev.carousel.spi.form.CellUpdate;
import dev.carousel.spi.form.GateGemm;
import dev.carousel.spi.form.Mapping;
import dev.carousel.spi.form.Operation;
import dev.carousel.spi.form.Slot;
import dev.carousel.spi.form.View;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The body of a scan for each cell.
 *
 * @param name the layer and the direction, with a dot behind
 * @param gates the pre-activations, which hold the input's part already
 * @param out where the sequence of hidden states goes
 */
record CellLowering(String name, boolean forward, View gates, View out, Parameters parameters) {

  List<Operation> rnn(Rnn rnn) {
    View hidden = state("hidden", rnn.hidden());
    return List.of(
        new GateGemm(hidden, recurrent(rnn.hidden(), rnn.hidden()), null, gates, true),
        new CellUpdate.Rnn(gates, hidden, out, forward ? rnn.activation() : rnn.reverseActivation(), rnn.clip()));
  }

  List<Operation> lstm(Lstm lstm) {
    View hidden = state("hidden", lstm.width());
    View cell = state("cell", lstm.hidden());
    Slot peephole = lstm.peepholes() ? parameter("peephole", lstm.gates() - 1, lstm.hidden()) : null;
    GateGemm gemm = new GateGemm(hidden, recurrent(gates.columns(), lstm.width()), null, gates, true);
    if (lstm.projection() == 0) {
      return List.of(gemm, update(lstm, cell, peephole, hidden, out));
    }
    View wide = Slot.batch(Slot.Role.SCRATCH, name + "unprojected", lstm.hidden()).view();
    Slot projection = parameter("projection", lstm.projection(), lstm.hidden());
    return List.of(gemm, update(lstm, cell, peephole, wide, null), new GateGemm(wide, projection, null, hidden, false),
        new Mapping.Copy(hidden, out));
  }

  private CellUpdate update(Lstm lstm, View cell, @Nullable Slot peephole, View hidden, @Nullable View sequence) {
    Lstm.Activations activations = forward ? lstm.activations() : lstm.reverseActivations();
    return new CellUpdate.Lstm(gates, cell, peephole, hidden, sequence, lstm.coupledGates(), activations.gate(),
        activations.candidate(), activations.output(), lstm.clip());
  }

  List<Operation> gruResetAfter(Gru gru) {
    View hidden = state("hidden", gru.hidden());
    View products = Slot.batch(Slot.Role.SCRATCH, name + "recurrent_gates", gates.columns()).view();
    Slot bias = gru.bias() ? parameter("recurrent_bias", 1, gates.columns()) : null;
    Gru.Activations activations = activations(gru);
    return List.of(
        new GateGemm(hidden, recurrent(gates.columns(), gru.hidden()), bias, products, false),
        new CellUpdate.Gru(gates, products, hidden, out, activations.gate(), activations.candidate(), gru.clip()));
  }

  /** r and z first, then n from the hidden state that r has scaled. */
  List<Operation> gruResetBefore(Gru gru) {
    int units = gru.hidden();
    View hidden = state("hidden", units);
    View reset = Slot.batch(Slot.Role.SCRATCH, name + "reset", units).view();
    View r = gates.slot().columns(0, units);
    View rz = gates.slot().columns(0, 2 * units);
    View n = gates.slot().columns(2 * units, units);
    String tensor = name + "recurrent";
    Gru.Activations activations = activations(gru);
    return List.of(
        new GateGemm(hidden, parameters.of(tensor + ".rz", tensor, 0, 2 * units, units), null, rz, true),
        new CellUpdate.GruReset(r, hidden, reset, activations.gate(), gru.clip()),
        new GateGemm(reset, parameters.of(tensor + ".n", tensor, 2 * units, units, units), null, n, true),
        new CellUpdate.Gru(gates, null, hidden, out, activations.gate(), activations.candidate(), gru.clip()));
  }

  private Gru.Activations activations(Gru gru) {
    return forward ? gru.activations() : gru.reverseActivations();
  }

  private View state(String which, int columns) {
    return Slot.batch(Slot.Role.STATE, name + which, columns).view();
  }

  private Slot recurrent(int rows, int columns) {
    return parameter("recurrent", rows, columns);
  }

  private Slot parameter(String which, int rows, int columns) {
    return parameters.of(name + which, name + which, 0, rows, columns);
  }
}
