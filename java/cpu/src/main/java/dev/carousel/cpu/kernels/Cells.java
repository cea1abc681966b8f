package dev.carousel.cpu.kernels;

import dev.carousel.cpu.bindings.Carousel;
import dev.carousel.cpu.bindings.carousel_activation;
import dev.carousel.cpu.bindings.carousel_cell;
import dev.carousel.cpu.bindings.carousel_rows;
import dev.carousel.spi.form.Activation;
import dev.carousel.spi.form.CellUpdate;
import dev.carousel.spi.form.Slot;
import dev.carousel.spi.form.View;
import java.lang.foreign.MemorySegment;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How cells and rows are written down for native code. */
public final class Cells {
  private Cells() {}

  /** The native kind of a cell. */
  public static int kind(CellUpdate update) {
    return switch (update) {
      case CellUpdate.Rnn _ -> Carousel.CAROUSEL_RNN();
      case CellUpdate.Lstm lstm -> lstm.coupled() ? Carousel.CAROUSEL_LSTM_COUPLED() : Carousel.CAROUSEL_LSTM();
      case CellUpdate.GruReset _ -> Carousel.CAROUSEL_GRU_RESET();
      case CellUpdate.Gru gru ->
        gru.recurrent() == null ? Carousel.CAROUSEL_GRU_BEFORE() : Carousel.CAROUSEL_GRU_AFTER();
    };
  }

  /** The peephole weights of a cell, or null. */
  public static @Nullable Slot peephole(CellUpdate update) {
    return update instanceof CellUpdate.Lstm lstm ? lstm.peephole() : null;
  }

  /** Writes a cell: a carousel_cell. */
  public static void write(MemorySegment cell, CellUpdate update, int units, Parameters parameters) {
    carousel_cell.kind(cell, kind(update));
    carousel_cell.units(cell, units);
    List<Activation> activations = update.activations();
    List<MemorySegment> places = List.of(carousel_cell.gate(cell), carousel_cell.candidate(cell),
        carousel_cell.output(cell));
    for (int i = 0; i < activations.size(); i++) {
      write(places.get(i), activations.get(i));
    }
    carousel_cell.clip(cell, update.clip());
    Slot peephole = peephole(update);
    carousel_cell.peephole(cell, peephole == null ? MemorySegment.NULL : parameters.get(peephole));
  }

  /** Writes a carousel_activation. */
  static void write(MemorySegment activation, Activation value) {
    carousel_activation.function(activation, switch (value.kind()) {
      case RELU -> Carousel.CAROUSEL_RELU();
      case TANH -> Carousel.CAROUSEL_TANH();
      case SIGMOID -> Carousel.CAROUSEL_SIGMOID();
      case AFFINE -> Carousel.CAROUSEL_AFFINE();
      case LEAKY_RELU -> Carousel.CAROUSEL_LEAKY_RELU();
      case THRESHOLDED_RELU -> Carousel.CAROUSEL_THRESHOLDED_RELU();
      case SCALED_TANH -> Carousel.CAROUSEL_SCALED_TANH();
      case HARD_SIGMOID -> Carousel.CAROUSEL_HARD_SIGMOID();
      case ELU -> Carousel.CAROUSEL_ELU();
      case SOFTSIGN -> Carousel.CAROUSEL_SOFTSIGN();
      case SOFTPLUS -> Carousel.CAROUSEL_SOFTPLUS();
      case CLIP -> Carousel.CAROUSEL_CLIP();
      case GELU -> Carousel.CAROUSEL_GELU();
      case GELU_TANH -> Carousel.CAROUSEL_GELU_TANH();
      case SILU -> Carousel.CAROUSEL_SILU();
      case ERF -> Carousel.CAROUSEL_ERF();
      case EXP -> Carousel.CAROUSEL_EXP();
      case LOG -> Carousel.CAROUSEL_LOG();
      case SQRT -> Carousel.CAROUSEL_SQRT();
      case RECIPROCAL -> Carousel.CAROUSEL_RECIPROCAL();
      case ABS -> Carousel.CAROUSEL_ABS();
    });
    carousel_activation.alpha(activation, value.alpha());
    carousel_activation.beta(activation, value.beta());
  }

  /** Writes a view of a buffer: a carousel_rows. */
  public static void write(MemorySegment rows, View view, MemorySegment buffer) {
    carousel_rows.data(rows, buffer.asSlice(4L * view.column()));
    carousel_rows.stride(rows, view.slot().columns());
    carousel_rows.per_step(rows, view.slot().extent() == Slot.Extent.STEPS ? 1 : 0);
  }
}
