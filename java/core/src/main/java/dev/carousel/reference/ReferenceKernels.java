package dev.carousel.reference;

import static dev.carousel.reference.ReferenceActivation.apply;

import dev.carousel.spi.Kernels;
import dev.carousel.spi.form.AcrossSteps;
import dev.carousel.spi.form.CellUpdate;
import dev.carousel.spi.form.Embed;
import dev.carousel.spi.form.GateGemm;
import dev.carousel.spi.form.Mapping;
import dev.carousel.spi.form.Operation;
import dev.carousel.spi.form.Slot;
import dev.carousel.spi.form.View;
import dev.carousel.spi.runtime.HostBuffers;
import java.lang.foreign.MemorySegment;
import java.util.Map;
import java.util.function.DoubleBinaryOperator;
import org.jspecify.annotations.Nullable;

/** The operations as they are defined, an element at a time, in double; results are stored as float. */
record ReferenceKernels(HostBuffers buffers, Map<Slot, MemorySegment> parameters) implements Kernels {

  @Override
  public Kernel bind(Operation operation) {
    return switch (operation) {
      case GateGemm gemm -> gemm(gemm);
      case CellUpdate update -> new ReferenceCells(this).bind(update);
      case Embed embed -> embed(embed);
      case Mapping.Activate op -> elementwise(op.in(), op.in(), op.out(), (x, _) -> apply(op.activation(), x));
      case Mapping.Copy op -> elementwise(op.in(), op.in(), op.out(), (x, _) -> x);
      case Mapping.Combine op -> elementwise(op.in(), op.other(), op.out(), switch (op.rule()) {
        case SUM -> (x, y) -> x + y;
        case AVERAGE -> (x, y) -> (x + y) / 2;
        case MULTIPLY -> (x, y) -> x * y;
        case SUBTRACT -> (x, y) -> x - y;
        case DIVIDE -> (x, y) -> x / y;
        case MAXIMUM -> Math::max;
        case MINIMUM -> Math::min;
      });
      case Mapping.Softmax op -> softmax(op.in(), op.out(), false);
      case Mapping.LogSoftmax op -> softmax(op.in(), op.out(), true);
      case Mapping.Scale op -> scale(op);
      case Mapping.Normalise op -> normalise(op);
      case AcrossSteps op -> new ReferenceSteps(this).bind(op);
    };
  }

  /** The rows of a view. */
  Rows rows(View view) {
    return Rows.of(view, buffers.segment(view.slot()));
  }

  /** A parameter; it has been given, for the Program names it. */
  Rows parameter(Slot slot) {
    return Rows.of(slot.view(), parameters.getOrDefault(slot, MemorySegment.NULL));
  }

  private Kernel gemm(GateGemm gemm) {
    Rows in = rows(gemm.in());
    Rows out = rows(gemm.out());
    Rows weight = parameter(gemm.weight());
    Rows bias = gemm.bias() == null ? null : parameter(gemm.bias());
    int columns = gemm.in().columns();
    int results = gemm.out().columns();
    boolean accumulate = gemm.accumulate();
    return (_, stepRow, rows) -> {
      for (int row = 0; row < rows; row++) {
        long x = in.at(stepRow, row);
        long y = out.at(stepRow, row);
        for (int result = 0; result < results; result++) {
          long w = weight.at(0, result);
          double sum = 0;
          for (int k = 0; k < columns; k++) {
            sum += (double) in.get(x + k) * weight.get(w + k);
          }
          sum += bias == null ? 0 : bias.get(result);
          out.set(y + result, accumulate ? out.get(y + result) + sum : sum);
        }
      }
    };
  }

  private Kernel embed(Embed embed) {
    Rows indices = rows(embed.indices());
    Rows table = parameter(embed.table());
    Rows out = rows(embed.out());
    int columns = embed.out().columns();
    return (_, stepRow, rows) -> {
      for (int row = 0; row < rows; row++) {
        long from = table.at(0, indices.index(indices.at(stepRow, row)));
        long to = out.at(stepRow, row);
        for (int column = 0; column < columns; column++) {
          out.set(to + column, table.get(from + column));
        }
      }
    };
  }

  private Kernel elementwise(View left, View right, View result, DoubleBinaryOperator operator) {
    Rows first = rows(left);
    Rows second = rows(right);
    Rows out = rows(result);
    int columns = result.columns();
    int next = right.columns() == 1 ? 0 : 1; // a single one counts for all
    return (_, stepRow, rows) -> {
      for (int row = 0; row < rows; row++) {
        long x = first.at(stepRow, row);
        long y = second.at(stepRow, row);
        long z = out.at(stepRow, row);
        for (int column = 0; column < columns; column++) {
          out.set(z + column, operator.applyAsDouble(first.get(x + column), second.get(y + (long) column * next)));
        }
      }
    };
  }

  private @Nullable Rows optional(@Nullable Slot slot) {
    return slot == null ? null : parameter(slot);
  }

  private Kernel scale(Mapping.Scale op) {
    Rows in = rows(op.in());
    Rows out = rows(op.out());
    Rows scale = optional(op.scale());
    Rows shift = optional(op.shift());
    return (_, stepRow, rows) -> {
      for (int row = 0; row < rows; row++) {
        long x = in.at(stepRow, row);
        long y = out.at(stepRow, row);
        for (int column = 0; column < op.out().columns(); column++) {
          double value = in.get(x + column) * (scale == null ? 1.0 : scale.get(column))
              + (shift == null ? 0 : shift.get(column));
          out.set(y + column, op.accumulate() ? out.get(y + column) + value : value);
        }
      }
    };
  }

  private Kernel normalise(Mapping.Normalise op) {
    Rows in = rows(op.in());
    Rows out = rows(op.out());
    Rows scale = optional(op.scale());
    Rows shift = optional(op.shift());
    int columns = op.out().columns();
    return (_, stepRow, rows) -> {
      for (int row = 0; row < rows; row++) {
        long x = in.at(stepRow, row);
        long y = out.at(stepRow, row);
        double mean = 0;
        for (int column = 0; column < columns; column++) {
          mean += in.get(x + column) / (double) columns;
        }
        double variance = 0;
        for (int column = 0; column < columns; column++) {
          variance += (in.get(x + column) - mean) * (in.get(x + column) - mean) / columns;
        }
        double root = Math.sqrt(variance + op.epsilon());
        for (int column = 0; column < columns; column++) {
          out.set(y + column, (in.get(x + column) - mean) / root * (scale == null ? 1 : scale.get(column))
              + (shift == null ? 0 : shift.get(column)));
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
        long x = in.at(stepRow, row);
        long y = out.at(stepRow, row);
        double largest = Double.NEGATIVE_INFINITY;
        for (int column = 0; column < columns; column++) {
          largest = Math.max(largest, in.get(x + column));
        }
        double sum = 0;
        for (int column = 0; column < columns; column++) {
          sum += Math.exp(in.get(x + column) - largest);
        }
        for (int column = 0; column < columns; column++) {
          double power = in.get(x + column) - largest;
          out.set(y + column, log ? power - Math.log(sum) : Math.exp(power) / sum);
        }
      }
    };
  }
}
