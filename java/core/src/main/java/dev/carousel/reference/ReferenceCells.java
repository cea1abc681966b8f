package dev.carousel.reference;

import static dev.carousel.reference.ReferenceActivation.apply;

import dev.carousel.spi.Kernels.Kernel;
import dev.carousel.spi.form.CellUpdate;
import dev.carousel.spi.form.View;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The cell updates as they are defined. */
record ReferenceCells(ReferenceKernels kernels) {
  /** The update of one unit of one row. */
  @FunctionalInterface
  private interface Unit {
    void update(int stepRow, int row, int unit);
  }

  /** Where a cell's result goes: the hidden state and, where there is one, the sequence that the layer returns. */
  private record Result(Rows hidden, @Nullable Rows out) {
    double before(int stepRow, int row, int unit) {
      return hidden.get(hidden.at(stepRow, row) + unit);
    }

    void set(int stepRow, int row, int unit, double value) {
      hidden.set(hidden.at(stepRow, row) + unit, value);
      if (out != null) {
        out.set(out.at(stepRow, row) + unit, value);
      }
    }
  }

  Kernel bind(CellUpdate update) {
    return switch (update) {
      case CellUpdate.Rnn rnn -> each(rnn.hidden(), rnn(rnn));
      case CellUpdate.Lstm lstm -> each(lstm.hidden(), lstm(lstm));
      case CellUpdate.GruReset reset -> each(reset.out(), gruReset(reset));
      case CellUpdate.Gru gru when gru.recurrent() == null -> each(gru.hidden(), gruBefore(gru));
      case CellUpdate.Gru gru -> each(gru.hidden(), gruAfter(gru));
    };
  }

  private static Kernel each(View hidden, Unit update) {
    int units = hidden.columns();
    return (_, stepRow, rows) -> {
      for (int row = 0; row < rows; row++) {
        for (int unit = 0; unit < units; unit++) {
          update.update(stepRow, row, unit);
        }
      }
    };
  }

  private Result result(View hidden, @Nullable View out) {
    return new Result(kernels.rows(hidden), out == null ? null : kernels.rows(out));
  }

  private Unit rnn(CellUpdate.Rnn rnn) {
    Rows gates = kernels.rows(rnn.gates());
    Result result = result(rnn.hidden(), rnn.out());
    return (stepRow, row, unit) -> result.set(stepRow, row, unit,
        apply(rnn.activation(), gates.get(gates.at(stepRow, row) + unit), rnn.clip()));
  }

  private Unit lstm(CellUpdate.Lstm lstm) {
    Rows gates = kernels.rows(lstm.gates());
    Rows cell = kernels.rows(lstm.cell());
    Rows peephole = lstm.peephole() == null ? null : kernels.parameter(lstm.peephole());
    Result result = result(lstm.hidden(), lstm.out());
    int units = lstm.hidden().columns();
    int candidate = (lstm.coupled() ? 1 : 2) * units; // where g starts among the gates, and p_o among the peepholes
    return (stepRow, row, unit) -> {
      long gate = gates.at(stepRow, row) + unit;
      long state = cell.at(stepRow, row) + unit;
      double before = cell.get(state);
      double i = gates.get(gate) + (peephole == null ? 0 : peephole.get(unit) * before);
      i = apply(lstm.gate(), i, lstm.clip());
      double f = 1 - i;
      if (!lstm.coupled()) {
        f = gates.get(gate + units) + (peephole == null ? 0 : peephole.get(units + unit) * before);
        f = apply(lstm.gate(), f, lstm.clip());
      }
      double g = apply(lstm.candidate(), gates.get(gate + candidate), lstm.clip());
      double c = f * before + i * g;
      cell.set(state, c);
      double o = gates.get(gate + candidate + units) + (peephole == null ? 0 : peephole.get(candidate + unit) * c);
      o = apply(lstm.gate(), o, lstm.clip());
      result.set(stepRow, row, unit, o * apply(lstm.output(), c));
    };
  }

  private Unit gruReset(CellUpdate.GruReset reset) {
    Rows gates = kernels.rows(reset.gates());
    Rows hidden = kernels.rows(reset.hidden());
    Rows out = kernels.rows(reset.out());
    return (stepRow, row, unit) -> {
      double r = apply(reset.gate(), gates.get(gates.at(stepRow, row) + unit), reset.clip());
      out.set(out.at(stepRow, row) + unit, r * hidden.get(hidden.at(stepRow, row) + unit));
    };
  }

  private Unit gruBefore(CellUpdate.Gru gru) {
    Rows gates = kernels.rows(gru.gates());
    Result result = result(gru.hidden(), gru.out());
    int units = gru.hidden().columns();
    return (stepRow, row, unit) -> {
      long gate = gates.at(stepRow, row) + unit;
      double z = apply(gru.gate(), gates.get(gate + units), gru.clip());
      double n = apply(gru.candidate(), gates.get(gate + 2L * units), gru.clip());
      result.set(stepRow, row, unit, (1 - z) * n + z * result.before(stepRow, row, unit));
    };
  }

  private Unit gruAfter(CellUpdate.Gru gru) {
    Rows gates = kernels.rows(gru.gates());
    Rows products = kernels.rows(Objects.requireNonNull(gru.recurrent()));
    Result result = result(gru.hidden(), gru.out());
    int units = gru.hidden().columns();
    return (stepRow, row, unit) -> {
      long gate = gates.at(stepRow, row) + unit;
      long product = products.at(stepRow, row) + unit;
      double r = apply(gru.gate(), (double) gates.get(gate) + products.get(product), gru.clip());
      double z = apply(gru.gate(), (double) gates.get(gate + units) + products.get(product + units), gru.clip());
      double n = gates.get(gate + 2L * units) + r * products.get(product + 2L * units);
      n = apply(gru.candidate(), n, gru.clip());
      result.set(stepRow, row, unit, (1 - z) * n + z * result.before(stepRow, row, unit));
    };
  }
}
