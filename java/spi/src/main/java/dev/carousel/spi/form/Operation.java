package dev.carousel.spi.form;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One piece of arithmetic over rows. Each row of the result depends on the same row of the operands and on parameters
 * only; {@link Mapping.LastStep} alone picks rows. Only valid rows are computed: those before their sequence's end.
 */
public sealed interface Operation extends Step permits GateGemm, CellUpdate, Embed, Mapping {
  /** What must hold a value before, parameters included. */
  default List<View> reads() {
    return switch (this) {
      case GateGemm op -> present(op.in(), op.weight().view(), view(op.bias()), op.accumulate() ? op.out() : null);
      case CellUpdate.Rnn op -> present(op.gates());
      case CellUpdate.Lstm op -> present(op.gates(), op.cell(), view(op.peephole()));
      case CellUpdate.GruReset op -> present(op.gates(), op.hidden());
      case CellUpdate.Gru op -> present(op.gates(), op.recurrent(), op.hidden());
      case Embed op -> present(op.indices(), op.table().view());
      case Mapping.Combine op -> present(op.in(), op.other());
      case Mapping op -> present(op.in());
    };
  }

  /** What holds a value after. */
  default List<View> writes() {
    return switch (this) {
      case GateGemm op -> present(op.out());
      case CellUpdate.Rnn op -> present(op.hidden(), op.out());
      case CellUpdate.Lstm op -> present(op.cell(), op.hidden(), op.out());
      case CellUpdate.GruReset op -> present(op.out());
      case CellUpdate.Gru op -> present(op.hidden(), op.out());
      case Embed op -> present(op.out());
      case Mapping op -> present(op.out());
    };
  }

  /** The activations that it applies: gates, candidate, output, as far as it has them. */
  default List<Activation> activations() {
    return switch (this) {
      case CellUpdate.Rnn op -> List.of(op.activation());
      case CellUpdate.Lstm op -> List.of(op.gate(), op.candidate(), op.output());
      case CellUpdate.GruReset op -> List.of(op.gate());
      case CellUpdate.Gru op -> List.of(op.gate(), op.candidate());
      case Mapping.Activate op -> List.of(op.activation());
      case GateGemm _,Embed _,Mapping _ -> List.of();
    };
  }

  private static @Nullable View view(@Nullable Slot slot) {
    return slot == null ? null : slot.view();
  }

  private static List<View> present(@Nullable View... views) {
    List<View> present = new ArrayList<>();
    for (View view : views) {
      if (view != null) {
        present.add(view);
      }
    }
    return List.copyOf(present);
  }
}
