package dev.carousel.reference;

import static dev.carousel.reference.ReferenceActivation.apply;

import dev.carousel.spi.CellUpdate;
import dev.carousel.spi.Kernels.Kernel;
import dev.carousel.spi.View;
import org.jspecify.annotations.Nullable;

/** The cell updates as they are defined. */
record ReferenceCells(ReferenceKernels kernels) {

  Kernel bind(CellUpdate update) {
    return switch (update) {
      case CellUpdate.Rnn rnn -> rnn(rnn);
      case CellUpdate.Lstm lstm -> lstm(lstm);
      case CellUpdate.GruReset reset -> gruReset(reset);
      case CellUpdate.Gru gru -> gru.recurrent() == null ? gruBefore(gru) : gruAfter(gru, gru.recurrent());
    };
  }

  private @Nullable Rows optional(@Nullable View view) {
    return view == null ? null : kernels.rows(view);
  }

  private Kernel rnn(CellUpdate.Rnn rnn) {
    Rows gates = kernels.rows(rnn.gates());
    Rows hidden = kernels.rows(rnn.hidden());
    Rows out = optional(rnn.out());
    int units = rnn.hidden().columns();
    return (_, stepRow, rows) -> {
      for (int row = 0; row < rows; row++) {
        long g = gates.at(stepRow, row);
        for (int unit = 0; unit < units; unit++) {
          store(apply(rnn.activation(), gates.get(g + unit), rnn.clip()), hidden, out, stepRow, row, unit);
        }
      }
    };
  }

  private Kernel lstm(CellUpdate.Lstm lstm) {
    Rows gates = kernels.rows(lstm.gates());
    Rows cell = kernels.rows(lstm.cell());
    Rows hidden = kernels.rows(lstm.hidden());
    Rows out = optional(lstm.out());
    Rows peephole = lstm.peephole() == null ? null : kernels.parameter(lstm.peephole());
    boolean coupled = lstm.coupled();
    int units = lstm.hidden().columns();
    int candidate = (coupled ? 1 : 2) * units; // where g starts among the gates; o comes after it
    int outPeephole = (coupled ? 1 : 2) * units; // where p_o starts
    return (_, stepRow, rows) -> {
      for (int row = 0; row < rows; row++) {
        long gate = gates.at(stepRow, row);
        for (int unit = 0; unit < units; unit++) {
          long at = cell.at(stepRow, row) + unit;
          double before = cell.get(at);
          double i = gates.get(gate + unit) + (peephole == null ? 0 : peephole.get(unit) * before);
          i = apply(lstm.gate(), i, lstm.clip());
          double f = 1 - i;
          if (!coupled) {
            f = gates.get(gate + units + unit) + (peephole == null ? 0 : peephole.get(units + unit) * before);
            f = apply(lstm.gate(), f, lstm.clip());
          }
          double g = apply(lstm.candidate(), gates.get(gate + candidate + unit), lstm.clip());
          double c = f * before + i * g;
          cell.set(at, c);
          double o = gates.get(gate + candidate + units + unit)
              + (peephole == null ? 0 : peephole.get(outPeephole + unit) * c);
          o = apply(lstm.gate(), o, lstm.clip());
          store(o * apply(lstm.output(), c), hidden, out, stepRow, row, unit);
        }
      }
    };
  }

  private Kernel gruReset(CellUpdate.GruReset reset) {
    Rows gates = kernels.rows(reset.gates());
    Rows hidden = kernels.rows(reset.hidden());
    Rows out = kernels.rows(reset.out());
    int units = reset.out().columns();
    return (_, stepRow, rows) -> {
      for (int row = 0; row < rows; row++) {
        long gate = gates.at(stepRow, row);
        long before = hidden.at(stepRow, row);
        for (int unit = 0; unit < units; unit++) {
          double r = apply(reset.gate(), gates.get(gate + unit), reset.clip());
          out.set(out.at(stepRow, row) + unit, r * hidden.get(before + unit));
        }
      }
    };
  }

  private Kernel gruBefore(CellUpdate.Gru gru) {
    Rows gates = kernels.rows(gru.gates());
    Rows hidden = kernels.rows(gru.hidden());
    Rows out = optional(gru.out());
    int units = gru.hidden().columns();
    return (_, stepRow, rows) -> {
      for (int row = 0; row < rows; row++) {
        long gate = gates.at(stepRow, row);
        for (int unit = 0; unit < units; unit++) {
          double z = apply(gru.gate(), gates.get(gate + units + unit), gru.clip());
          double n = apply(gru.candidate(), gates.get(gate + 2L * units + unit), gru.clip());
          double before = hidden.get(hidden.at(stepRow, row) + unit);
          store((1 - z) * n + z * before, hidden, out, stepRow, row, unit);
        }
      }
    };
  }

  private Kernel gruAfter(CellUpdate.Gru gru, View products) {
    Rows gates = kernels.rows(gru.gates());
    Rows recurrent = kernels.rows(products);
    Rows hidden = kernels.rows(gru.hidden());
    Rows out = optional(gru.out());
    int units = gru.hidden().columns();
    return (_, stepRow, rows) -> {
      for (int row = 0; row < rows; row++) {
        long gate = gates.at(stepRow, row);
        long product = recurrent.at(stepRow, row);
        for (int unit = 0; unit < units; unit++) {
          double r = (double) gates.get(gate + unit) + recurrent.get(product + unit);
          double z = (double) gates.get(gate + units + unit) + recurrent.get(product + units + unit);
          r = apply(gru.gate(), r, gru.clip());
          z = apply(gru.gate(), z, gru.clip());
          double n = gates.get(gate + 2L * units + unit) + r * recurrent.get(product + 2L * units + unit);
          n = apply(gru.candidate(), n, gru.clip());
          double before = hidden.get(hidden.at(stepRow, row) + unit);
          store((1 - z) * n + z * before, hidden, out, stepRow, row, unit);
        }
      }
    };
  }

  private static void store(double value, Rows hidden, @Nullable Rows out, int stepRow, int row, int unit) {
    hidden.set(hidden.at(stepRow, row) + unit, value);
    if (out != null) {
      out.set(out.at(stepRow, row) + unit, value);
    }
  }
}
