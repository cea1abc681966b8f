package dev.carousel.spi;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** A Program in words, for people who debug with it. */
final class Listing {
  private Listing() {}

  /** The slots by role, then a line a step; the operations of a scan stand indented below it. */
  static String of(Program program) {
    StringBuilder text = new StringBuilder("program\n");
    for (Slot.Role role : Slot.Role.values()) {
      for (Slot slot : program.slots(role)) {
        String element = slot.element() == Slot.Element.F32 ? "" : " " + lower(slot.element());
        text.append(String.format(Locale.ROOT, "  %-9s %s%s\n", lower(role), slot, element));
      }
    }
    int number = 0;
    for (Step step : program.forward()) {
      text.append(String.format(Locale.ROOT, "%3d  %s\n", ++number, line(step)));
      if (step instanceof Scan scan) {
        scan.body().forEach(operation -> text.append("       ").append(line(operation)).append('\n'));
      }
    }
    return text.toString();
  }

  /** {@code results = name(operands)}, each with its shape. */
  static String line(Step step) {
    return switch (step) {
      case Scan scan -> "scan " + lower(scan.direction());
      case GateGemm op -> op.out() + (op.accumulate() ? " += " : " = ") + "gemm(" + op.in() + ", " + op.weight() + ")"
          + (op.bias() == null ? "" : " + " + op.bias());
      case CellUpdate.Rnn op -> cell("rnn", op);
      case CellUpdate.Lstm op -> cell(op.coupled() ? "lstm_coupled" : "lstm", op);
      case CellUpdate.GruReset op -> cell("gru_reset", op);
      case CellUpdate.Gru op -> cell(op.recurrent() == null ? "gru" : "gru_reset_after", op);
      case Embed op -> call(op, "embed", op.reads());
      case Mapping.Activate op -> call(op, op.activation().toString(), op.reads());
      case Mapping.Combine op -> call(op, lower(op.rule()), op.reads());
      case Mapping.Softmax op -> call(op, "softmax", op.reads());
      case Mapping.Copy op -> call(op, "copy", op.reads());
      case Mapping.LastStep op -> call(op, "last_step", op.reads());
    };
  }

  private static String cell(String name, CellUpdate update) {
    List<Object> operands = new ArrayList<>(update.reads());
    operands.addAll(update.activations());
    if (update.clip() != CellUpdate.NO_CLIP) {
      operands.add("clip " + update.clip());
    }
    return call(update, name, operands);
  }

  private static String call(Operation operation, String name, List<?> operands) {
    return join(operation.writes()) + " = " + name + "(" + join(operands) + ")";
  }

  private static String join(List<?> parts) {
    return parts.stream().map(Object::toString).collect(Collectors.joining(", "));
  }

  private static String lower(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }
}
