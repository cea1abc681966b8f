package dev.carousel.cpu.kernels;

import dev.carousel.cpu.bindings.Carousel;
import dev.carousel.cpu.bindings.carousel_cell;
import dev.carousel.cpu.bindings.carousel_operation;
import dev.carousel.cpu.bindings.carousel_rows;
import dev.carousel.cpu.kernels.Parameters.Packed;
import dev.carousel.spi.Kernels.Kernel;
import dev.carousel.spi.form.AcrossSteps;
import dev.carousel.spi.form.CellUpdate;
import dev.carousel.spi.form.Embed;
import dev.carousel.spi.form.GateGemm;
import dev.carousel.spi.form.Mapping;
import dev.carousel.spi.form.Operation;
import dev.carousel.spi.form.Slot;
import dev.carousel.spi.form.View;
import dev.carousel.spi.runtime.HostBuffers;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Single operations, each one native call: written down once for a session, with the addresses of its buffers. */
public record RowKernels(HostBuffers buffers, Parameters parameters, RunLayouts layouts) {
  /** Prepares the parameters of an operation; called when a Program is compiled. */
  public static void prepare(Operation operation, Parameters parameters, Function<Slot, MemorySegment> values) {
    switch (operation) {
      case GateGemm gemm -> parameters.pack(new Packed(1, gemm.weight(), gemm.bias()), values);
      case Embed embed -> parameters.keep(embed.table(), values);
      case CellUpdate update -> {
        Slot peephole = Cells.peephole(update);
        if (peephole != null) {
          parameters.keep(peephole, values);
        }
      }
      case Mapping.Scale scale -> keep(scale.scale(), scale.shift(), parameters, values);
      case Mapping.Normalise normalise -> keep(normalise.scale(), normalise.shift(), parameters, values);
      case Mapping _,AcrossSteps _ -> {
      }
    }
  }

  private static void keep(@Nullable Slot scale, @Nullable Slot shift, Parameters parameters,
      Function<Slot, MemorySegment> values) {
    Stream.of(scale, shift).flatMap(Stream::ofNullable).forEach(slot -> parameters.keep(slot, values));
  }

  /** The call of an operation. */
  public Kernel bind(Operation operation) {
    MemorySegment target = carousel_operation.allocate(Arena.ofAuto());
    switch (operation) {
      case GateGemm gemm -> gemm(target, gemm);
      case CellUpdate update -> cell(target, update);
      case Embed embed -> {
        kind(target, Carousel.CAROUSEL_EMBED(), embed.indices(), embed.out());
        Cells.write(carousel_operation.other(target), embed.table().view(), parameters.get(embed.table()));
      }
      case Mapping mapping -> mapping(target, mapping);
      case AcrossSteps across -> {
        return new StepKernels(buffers, parameters, layouts).bind(across);
      }
    }
    return call(target);
  }

  /** Adds a row to each row of a view, or puts it there. */
  public Kernel addRow(MemorySegment row, View out, boolean accumulate) {
    MemorySegment target = carousel_operation.allocate(Arena.ofAuto());
    kind(target, accumulate ? Carousel.CAROUSEL_ADD() : Carousel.CAROUSEL_COPY(), out, out);
    MemorySegment same = accumulate ? carousel_operation.other(target) : carousel_operation.in(target);
    carousel_rows.data(same, row);
    carousel_rows.stride(same, 0);
    carousel_rows.per_step(same, 0);
    return call(target);
  }

  private Kernel call(MemorySegment operation) {
    MemorySegment context = parameters.context().address();
    return (_, stepRow, rows) -> {
      carousel_operation.step_row(operation, stepRow);
      carousel_operation.rows(operation, rows);
      Carousel.carousel_run(context, operation);
    };
  }

  private void kind(MemorySegment target, int kind, View in, View out) {
    MemorySegment cell = carousel_operation.cell(target);
    carousel_cell.kind(cell, kind);
    carousel_cell.units(cell, out.columns());
    rows(carousel_operation.in(target), in);
    rows(carousel_operation.out(target), out);
  }

  private void rows(MemorySegment rows, @Nullable View view) {
    if (view != null) {
      Cells.write(rows, view, buffers.segment(view.slot()));
    }
  }

  private void gemm(MemorySegment target, GateGemm gemm) {
    kind(target, Carousel.CAROUSEL_PRODUCT(), gemm.in(), gemm.out());
    carousel_operation.depth(target, gemm.in().columns());
    carousel_operation.accumulate(target, gemm.accumulate() ? 1 : 0);
    carousel_operation.weights(target, parameters.get(new Packed(1, gemm.weight(), gemm.bias())));
  }

  private void mapping(MemorySegment target, Mapping mapping) {
    kind(target, kind(mapping), mapping.in(), mapping.out());
    switch (mapping) {
      case Mapping.Activate activate ->
        Cells.write(carousel_cell.gate(carousel_operation.cell(target)), activate.activation());
      case Mapping.Combine combine -> {
        rows(carousel_operation.other(target), combine.other());
        carousel_operation.depth(target, combine.other().columns());
      }
      case Mapping.Scale scale -> {
        affine(target, scale.scale(), scale.shift());
        carousel_operation.accumulate(target, scale.accumulate() ? 1 : 0);
      }
      case Mapping.Normalise normalise -> {
        affine(target, normalise.scale(), normalise.shift());
        carousel_operation.epsilon(target, normalise.epsilon());
      }
      case Mapping.Softmax _,Mapping.LogSoftmax _,Mapping.Copy _ -> {
      }
    }
  }

  private static int kind(Mapping mapping) {
    return switch (mapping) {
      case Mapping.Activate _ -> Carousel.CAROUSEL_ACTIVATE();
      case Mapping.Softmax _ -> Carousel.CAROUSEL_SOFTMAX();
      case Mapping.LogSoftmax _ -> Carousel.CAROUSEL_LOG_SOFTMAX();
      case Mapping.Normalise _ -> Carousel.CAROUSEL_NORMALISE();
      case Mapping.Scale _ -> Carousel.CAROUSEL_SCALE();
      case Mapping.Copy _ -> Carousel.CAROUSEL_COPY();
      case Mapping.Combine combine -> switch (combine.rule()) {
        case SUM -> Carousel.CAROUSEL_ADD();
        case AVERAGE -> Carousel.CAROUSEL_AVERAGE();
        case MULTIPLY -> Carousel.CAROUSEL_MULTIPLY();
        case SUBTRACT -> Carousel.CAROUSEL_SUBTRACT();
        case DIVIDE -> Carousel.CAROUSEL_DIVIDE();
        case MAXIMUM -> Carousel.CAROUSEL_MAXIMUM();
        case MINIMUM -> Carousel.CAROUSEL_MINIMUM();
      };
    };
  }

  /** What each column is multiplied with, and what is added to it. */
  private void affine(MemorySegment target, @Nullable Slot scale, @Nullable Slot shift) {
    carousel_operation.weights(target, scale == null ? MemorySegment.NULL : parameters.get(scale));
    carousel_operation.shift(target, shift == null ? MemorySegment.NULL : parameters.get(shift));
  }

  private void cell(MemorySegment target, CellUpdate update) {
    View result = update.writes().getFirst();
    switch (update) {
      case CellUpdate.Rnn rnn -> operands(target, rnn.gates(), null, null, rnn.hidden(), rnn.out());
      case CellUpdate.Lstm lstm -> {
        result = lstm.hidden();
        operands(target, lstm.gates(), null, lstm.cell(), lstm.hidden(), lstm.out());
      }
      case CellUpdate.GruReset reset -> operands(target, reset.gates(), null, null, reset.hidden(), reset.out());
      case CellUpdate.Gru gru -> operands(target, gru.gates(), gru.recurrent(), null, gru.hidden(), gru.out());
    }
    Cells.write(carousel_operation.cell(target), update, result.columns(), parameters);
  }

  private void operands(MemorySegment target, View gates, @Nullable View other, @Nullable View state, View hidden,
      @Nullable View out) {
    rows(carousel_operation.in(target), gates);
    rows(carousel_operation.other(target), other);
    rows(carousel_operation.state(target), state);
    rows(carousel_operation.hidden(target), hidden);
    rows(carousel_operation.out(target), out);
  }
}
