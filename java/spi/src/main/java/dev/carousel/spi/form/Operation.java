package dev.carousel.spi.form;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One piece of arithmetic over rows. Each row of the result depends on the same row of the operands and on parameters
 * only; but for {@link AcrossSteps}, whose rows depend on several steps of their sequence. Only valid rows are computed:
 * those before their sequence's end.
 */
public sealed interface Operation extends Step permits GateGemm, CellUpdate, Embed, Mapping, AcrossSteps {
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
      case Mapping.Scale op -> present(op.in(), view(op.scale()), view(op.shift()), op.accumulate() ? op.out() : null);
      case Mapping.Normalise op -> present(op.in(), view(op.scale()), view(op.shift()));
      case Mapping op -> present(op.in());
      case AcrossSteps.WeightedSum op -> present(op.weights(), op.in());
      case AcrossSteps.Gather op -> present(op.in(), op.history());
      case AcrossSteps op -> present(op.in());
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
      case AcrossSteps.Gather op -> present(op.out(), op.history());
      case AcrossSteps op -> present(op.out());
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
      case GateGemm _,Embed _,Mapping _,AcrossSteps _ -> List.of();
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
