package dev.carousel.conformance;

import dev.carousel.spi.form.AcrossSteps;
import dev.carousel.spi.form.Activation;
import dev.carousel.spi.form.CellUpdate;
import dev.carousel.spi.form.Embed;
import dev.carousel.spi.form.GateGemm;
import dev.carousel.spi.form.Mapping;
import dev.carousel.spi.form.Operation;
import dev.carousel.spi.form.Program;
import java.util.List;
import java.util.stream.Collectors;

/** What a Program of few operations is about, as the row of a table says it: its cells, or else its operation. */
final class Subject {
  /** The most telling first: what is often there beside others comes late. */
  private static final List<Class<? extends Operation>> TELLING = List.of(AcrossSteps.WeightedSum.class,
      AcrossSteps.SoftmaxSteps.class, AcrossSteps.Pool.class, AcrossSteps.WindowPool.class, AcrossSteps.Gather.class,
      AcrossSteps.Flatten.class, Mapping.Normalise.class, Mapping.Scale.class, Mapping.LogSoftmax.class, GateGemm.class,
      Embed.class, Mapping.Softmax.class, Mapping.Activate.class, Mapping.Combine.class, AcrossSteps.LastStep.class,
      AcrossSteps.Repeat.class, Mapping.Copy.class);

  private Subject() {}

  static String of(Program program) {
    List<Operation> operations = program.operations().toList();
    boolean whole = operations.stream().anyMatch(CellUpdate.Gru.class::isInstance); // its reset is a part of it
    String cells = operations.stream().filter(CellUpdate.class::isInstance)
        .filter(operation -> !whole || !(operation instanceof CellUpdate.GruReset)).map(Subject::name).distinct()
        .collect(Collectors.joining(", "));
    return cells.isEmpty()
        ? TELLING.stream().flatMap(type -> operations.stream().filter(type::isInstance)).findFirst().map(Subject::name)
            .orElseThrow()
        : cells;
  }

  private static String name(Operation operation) {
    return switch (operation) {
      case CellUpdate.Rnn rnn -> rnn.activation().kind() == Activation.Kind.RELU ? "rnn relu" : "rnn";
      case CellUpdate.Lstm lstm -> "lstm" + (lstm.peephole() == null ? "" : " peephole")
          + (lstm.coupled() ? " coupled" : "") + (lstm.out() == null ? " projection" : "");
      case CellUpdate.GruReset _ -> "gru reset";
      case CellUpdate.Gru gru -> gru.recurrent() == null ? "gru before" : "gru after";
      case GateGemm _ -> "product";
      case Embed _ -> "embedding";
      case Mapping.Softmax _ -> "softmax";
      case Mapping.Activate _ -> "activation";
      case Mapping.Combine _ -> "merge";
      case AcrossSteps.LastStep _ -> "last step";
      case Mapping.Copy _ -> "copy";
      case Mapping.LogSoftmax _ -> "log softmax";
      case Mapping.Scale _ -> "scale";
      case Mapping.Normalise _ -> "layer norm";
      case AcrossSteps.Pool _ -> "pool";
      case AcrossSteps.WindowPool _ -> "window pool";
      case AcrossSteps.SoftmaxSteps _ -> "softmax of steps";
      case AcrossSteps.WeightedSum _ -> "weighted sum";
      case AcrossSteps.Gather _ -> "window";
      case AcrossSteps.Repeat _ -> "repeat";
      case AcrossSteps.Flatten _ -> "flatten";
    };
  }
}
