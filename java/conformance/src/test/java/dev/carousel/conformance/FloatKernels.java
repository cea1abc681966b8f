package dev.carousel.conformance;

import dev.carousel.spi.Kernels;
import dev.carousel.spi.form.AcrossSteps;
import dev.carousel.spi.form.Activation;
import dev.carousel.spi.form.CellUpdate;
import dev.carousel.spi.form.Embed;
import dev.carousel.spi.form.GateGemm;
import dev.carousel.spi.form.Mapping;
import dev.carousel.spi.form.Operation;
import dev.carousel.spi.form.Scan;
import dev.carousel.spi.form.Slot;
import dev.carousel.spi.form.View;
import dev.carousel.spi.runtime.HostBuffers;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** All operations in float, sums from the last element to the first, with the flaw put in. */
record FloatKernels(HostBuffers buffers, Map<Slot, float[]> parameters, Flaw flaw) implements Kernels {

  /** A view in memory: element column of row, counted from the step at hand or from the first sequence. */
  record Rows(View view, MemorySegment data) {
    private long at(int stepRow, int row, int column) {
      boolean perStep = view.slot().extent() == Slot.Extent.STEPS;
      return (long) (perStep ? stepRow + row : row) * view.slot().columns() + view.column() + column;
    }

    float get(int stepRow, int row, int column) {
      return data.getAtIndex(ValueLayout.JAVA_FLOAT, at(stepRow, row, column));
    }

    void set(int stepRow, int row, int column, float value) {
      data.setAtIndex(ValueLayout.JAVA_FLOAT, at(stepRow, row, column), value);
    }
  }

  /** The arithmetic of one element. */
  private interface Element {
    void compute(int stepRow, int row, int column);
  }

  @Override
  public Stage bind(Scan scan) {
    return Kernels.super.bind(flaw == Flaw.FORWARD_ONLY ? new Scan(Scan.Direction.FORWARD, scan.body()) : scan);
  }

  @Override
  public Kernel bind(Operation operation) {
    return switch (operation) {
      case GateGemm gemm -> gemm(gemm);
      case CellUpdate.Rnn op -> each(op.hidden(), (stepRow, row, j) -> store(op.hidden(), op.out(), stepRow, row, j,
          apply(op.activation(), rows(op.gates()).get(stepRow, row, j), op.clip())));
      case CellUpdate.Lstm op -> each(op.hidden(), lstm(op));
      case CellUpdate.GruReset op -> each(op.out(), (stepRow, row, j) -> rows(op.out()).set(stepRow, row, j,
          apply(op.gate(), rows(op.gates()).get(stepRow, row, j), op.clip()) * rows(op.hidden()).get(stepRow, row, j)));
      case CellUpdate.Gru op -> each(op.hidden(), gru(op));
      case Embed op -> each(op.out(), (stepRow, row, j) -> {
        int index = Float.floatToRawIntBits(rows(op.indices()).get(stepRow, row, 0));
        rows(op.out()).set(stepRow, row, j, parameter(op.table())[index * op.table().columns() + j]);
      });
      case Mapping.Activate op -> each(op.out(), (stepRow, row, j) -> rows(op.out()).set(stepRow, row, j,
          apply(op.activation(), rows(op.in()).get(stepRow, row, j), CellUpdate.NO_CLIP)));
      case Mapping.Copy op -> each(op.out(), (stepRow, row, j) -> rows(op.out()).set(stepRow, row, j,
          rows(op.in()).get(stepRow, row, flaw == Flaw.SHIFTED_COLUMNS && op.in().column() > 0 ? j - 1 : j)));
      case Mapping.Combine op -> each(op.out(), combine(op));
      case Mapping.Softmax op -> softmax(op.in(), op.out(), false);
      case Mapping.LogSoftmax op -> softmax(op.in(), op.out(), true);
      case Mapping.Scale op -> each(op.out(), scale(op));
      case Mapping.Normalise op -> normalise(op);
      case AcrossSteps op -> new FloatSteps(this).bind(op);
    };
  }

  Rows rows(View view) {
    return new Rows(view, buffers.segment(view.slot()));
  }

  private float[] parameter(@Nullable Slot slot) {
    return slot == null ? new float[0] : parameters.getOrDefault(slot, new float[0]);
  }

  private static Kernel each(View out, Element element) {
    return (_, stepRow, rows) -> {
      for (int row = 0; row < rows; row++) {
        for (int column = 0; column < out.columns(); column++) {
          element.compute(stepRow, row, column);
        }
      }
    };
  }

  private void store(View hidden, @Nullable View out, int stepRow, int row, int column, float value) {
    rows(hidden).set(stepRow, row, column, value);
    if (out != null) {
      rows(out).set(stepRow, row, column, value);
    }
  }

  private Kernel gemm(GateGemm gemm) {
    Rows in = rows(gemm.in());
    Rows out = rows(gemm.out());
    float[] weight = parameter(gemm.weight());
    float[] bias = parameter(flaw == Flaw.IGNORED_BIAS ? null : gemm.bias());
    int n = gemm.in().columns();
    return (_, stepRow, rows) -> {
      for (int row = 0; row < rows; row++) {
        for (int j = 0; j < gemm.out().columns(); j++) {
          float sum = bias.length == 0 ? 0 : bias[j];
          for (int k = n - 1; k >= 0; k--) {
            sum += in.get(stepRow, row, k) * weight[j * n + k];
          }
          if (flaw == Flaw.OVER_READ && in.at(stepRow, row + 1, n - 1) < in.data().byteSize() / 4) {
            sum += 0 * in.get(stepRow, row + 1, n - 1);
          }
          if (flaw == Flaw.NEIGHBOUR_LEAK && row > 0) {
            sum += 1e-3f * in.get(stepRow, row - 1, 0);
          }
          out.set(stepRow, row, j, gemm.accumulate() ? out.get(stepRow, row, j) + sum : sum);
        }
      }
    };
  }

  private Element lstm(CellUpdate.Lstm op) {
    Rows gates = rows(op.gates());
    Rows cell = rows(op.cell());
    float[] peephole = parameter(op.peephole());
    int units = op.hidden().columns();
    int first = flaw == Flaw.SWAPPED_GATES && !op.coupled() ? units : 0; // where i stands; f takes the other place
    int candidate = op.coupled() ? units : 2 * units;
    return (stepRow, row, j) -> {
      float before = cell.get(stepRow, row, j);
      float i = gates.get(stepRow, row, first + j) + (peephole.length == 0 ? 0 : peephole[j] * before);
      i = apply(op.gate(), i, op.clip());
      float f = 1 - i;
      if (!op.coupled()) {
        f = gates.get(stepRow, row, units - first + j) + (peephole.length == 0 ? 0 : peephole[units + j] * before);
        f = apply(op.gate(), f, op.clip());
      }
      float c = f * before + i * apply(op.candidate(), gates.get(stepRow, row, candidate + j), op.clip());
      float seen = flaw == Flaw.OLD_PEEPHOLE ? before : c;
      float o = gates.get(stepRow, row, candidate + units + j)
          + (peephole.length == 0 ? 0 : peephole[candidate + j] * seen);
      cell.set(stepRow, row, j, c);
      store(op.hidden(), op.out(), stepRow, row, j,
          apply(op.gate(), o, op.clip()) * apply(op.output(), c, CellUpdate.NO_CLIP));
    };
  }

  private Element gru(CellUpdate.Gru op) {
    Rows gates = rows(op.gates());
    Rows recurrent = op.recurrent() == null ? null : rows(op.recurrent());
    int units = op.hidden().columns();
    return (stepRow, row, j) -> {
      float z = gates.get(stepRow, row, units + j);
      float n = gates.get(stepRow, row, 2 * units + j);
      if (recurrent != null) {
        z += recurrent.get(stepRow, row, units + j);
        float r = apply(op.gate(), gates.get(stepRow, row, j) + recurrent.get(stepRow, row, j), op.clip());
        n += (flaw == Flaw.NO_RESET ? 1 : r) * recurrent.get(stepRow, row, 2 * units + j);
      }
      z = apply(op.gate(), z, op.clip());
      n = apply(op.candidate(), n, op.clip());
      float before = rows(op.hidden()).get(stepRow, row, j);
      store(op.hidden(), op.out(), stepRow, row, j, (1 - z) * n + z * before);
    };
  }

  private Element combine(Mapping.Combine op) {
    Rows in = rows(op.in());
    boolean mixed = flaw == Flaw.MIXED_BRANCHES && op.other().slot().role() == Slot.Role.SCRATCH;
    Rows other = mixed ? in : rows(op.other());
    Rows out = rows(op.out());
    boolean single = op.other().columns() == 1;
    return (stepRow, row, j) -> {
      float left = in.get(stepRow, row, j);
      float right = other.get(stepRow, row, single ? 0 : j);
      out.set(stepRow, row, j, switch (op.rule()) {
        case SUM -> left + right;
        case AVERAGE -> (left + right) / (flaw == Flaw.SUMMED_AVERAGE ? 1 : 2);
        case MULTIPLY -> left * right;
        case SUBTRACT -> left - right;
        case DIVIDE -> left / right;
        case MAXIMUM -> Math.max(left, right);
        case MINIMUM -> Math.min(left, right);
      });
    };
  }

  private Element scale(Mapping.Scale op) {
    Rows in = rows(op.in());
    Rows out = rows(op.out());
    float[] scale = parameter(op.scale());
    float[] shift = parameter(op.shift());
    return (stepRow, row, j) -> {
      float value = in.get(stepRow, row, j) * (scale.length == 0 ? 1 : scale[j]) + (shift.length == 0 ? 0 : shift[j]);
      out.set(stepRow, row, j, op.accumulate() ? out.get(stepRow, row, j) + value : value);
    };
  }

  private Kernel normalise(Mapping.Normalise op) {
    Rows in = rows(op.in());
    Rows out = rows(op.out());
    float[] scale = parameter(op.scale());
    float[] shift = parameter(op.shift());
    int columns = op.out().columns();
    return (_, stepRow, rows) -> {
      for (int row = 0; row < rows; row++) {
        float mean = 0;
        for (int j = columns - 1; j >= 0; j--) {
          mean += in.get(stepRow, row, j);
        }
        mean /= columns;
        float squares = 0;
        for (int j = columns - 1; j >= 0; j--) {
          squares += (in.get(stepRow, row, j) - mean) * (in.get(stepRow, row, j) - mean);
        }
        int divisor = flaw == Flaw.UNBIASED_VARIANCE ? Math.max(1, columns - 1) : columns;
        float root = (float) Math.sqrt(squares / divisor + op.epsilon());
        for (int j = 0; j < columns; j++) {
          out.set(stepRow, row, j, (in.get(stepRow, row, j) - mean) / root * (scale.length == 0 ? 1 : scale[j])
              + (shift.length == 0 ? 0 : shift[j]));
        }
      }
    };
  }

  private Kernel softmax(View from, View to, boolean log) {
    Rows in = rows(from);
    Rows out = rows(to);
    int columns = to.columns();
    return (_, stepRow, rows) -> {
      for (int row = 0; row < rows; row++) {
        float largest = flaw == Flaw.BARE_SOFTMAX ? 0 : Float.NEGATIVE_INFINITY;
        for (int j = 0; j < columns && flaw != Flaw.BARE_SOFTMAX; j++) {
          largest = Math.max(largest, in.get(stepRow, row, j));
        }
        float sum = 0;
        for (int j = 0; j < columns; j++) {
          sum += (float) Math.exp(in.get(stepRow, row, j) - largest);
        }
        for (int j = 0; j < columns; j++) {
          float power = in.get(stepRow, row, j) - largest;
          out.set(stepRow, row, j, log ? power - (float) Math.log(sum) : (float) Math.exp(power) / sum);
        }
      }
    };
  }

  private float apply(Activation activation, float value, float clip) {
    float x = flaw == Flaw.IGNORED_CLIP ? value : Math.max(-clip, Math.min(clip, value));
    return FloatActivation.apply(activation, x);
  }
}
