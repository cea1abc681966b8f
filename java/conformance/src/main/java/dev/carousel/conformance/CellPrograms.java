package dev.carousel.conformance;

import dev.carousel.spi.form.Activation;
import dev.carousel.spi.form.CellUpdate;
import dev.carousel.spi.form.Mapping;
import dev.carousel.spi.form.Operation;
import dev.carousel.spi.form.Program;
import dev.carousel.spi.form.Scan;
import dev.carousel.spi.form.Slot;
import dev.carousel.spi.form.View;
import java.util.List;

/** The smallest Programs around each cell update: a scan whose pre-activations are the input. */
final class CellPrograms {
  private CellPrograms() {}

  static Program rnn(int hidden, Activation activation, float clip) {
    return scan(new CellUpdate.Rnn(gates(hidden), state("hidden", hidden), output(hidden), activation, clip));
  }

  static Program lstm(int hidden, boolean peephole, boolean coupled, List<Activation> activations, float clip) {
    int gates = coupled ? 3 : 4;
    Slot weights = peephole ? Slot.parameter("peephole", gates - 1, hidden) : null;
    return scan(new CellUpdate.Lstm(gates(gates * hidden), state("cell", hidden), weights, state("hidden", hidden),
        output(hidden), coupled, activations.get(0), activations.get(1), activations.get(2), clip));
  }

  /** The reset is both returned and carried on as the state, so that each step sees another one. */
  static Program gruReset(int hidden, Activation gate, float clip) {
    View state = state("hidden", hidden);
    View reset = Slot.batch(Slot.Role.SCRATCH, "reset", hidden).view();
    return scan(new CellUpdate.GruReset(gates(hidden), state, reset, gate, clip),
        new Mapping.Copy(reset, output(hidden)), new Mapping.Copy(reset, state));
  }

  static Program gru(int hidden, boolean resetAfter, Activation gate, Activation candidate, float clip) {
    View recurrent = resetAfter ? Slot.steps(Slot.Role.INPUT, "recurrent", 3 * hidden).view() : null;
    return scan(new CellUpdate.Gru(gates(3 * hidden), recurrent, state("hidden", hidden), output(hidden), gate,
        candidate, clip));
  }

  private static View gates(int columns) {
    return Slot.steps(Slot.Role.INPUT, "gates", columns).view();
  }

  private static View state(String name, int columns) {
    return Slot.batch(Slot.Role.STATE, name, columns).view();
  }

  private static View output(int columns) {
    return Slot.steps(Slot.Role.OUTPUT, "output", columns).view();
  }

  private static Program scan(Operation... body) {
    return Program.of(List.of(new Scan(Scan.Direction.FORWARD, List.of(body))));
  }
}
