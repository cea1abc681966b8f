package dev.carousel.spi.form;

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
      case Mapping.Scale op when op.accumulate() -> op.out() + " += scale(" + join(operands(op)) + ")";
      case Operation op -> join(op.writes()) + " = " + name(op) + "(" + join(operands(op)) + ")";
    };
  }

  /** The name of its record: {@code GruReset} is gru_reset. */
  private static String name(Operation operation) {
    return operation.getClass().getSimpleName().replaceAll("(?<=.)(?=[A-Z])", "_").toLowerCase(Locale.ROOT);
  }

  private static List<Object> operands(Operation operation) {
    List<Object> operands = new ArrayList<>(operation.reads());
    operands.addAll(operation.activations());
    if (operation instanceof CellUpdate.Lstm lstm && lstm.coupled()) {
      operands.add("coupled");
    }
    if (operation instanceof CellUpdate update && update.clip() != CellUpdate.NO_CLIP) {
      operands.add("clip " + update.clip());
    }
    switch (operation) {
      case Mapping.Combine combine -> operands.add(lower(combine.rule()));
      case Mapping.Normalise normalise -> operands.add("epsilon " + normalise.epsilon());
      case AcrossSteps.Pool pool -> operands.add(lower(pool.rule()));
      case AcrossSteps.WindowPool pool -> operands.add(
          lower(pool.rule()) + (pool.padded() ? " padded" : "") + " of window " + pool.window());
      case AcrossSteps.Gather gather -> operands.add("window " + gather.window());
      default -> {
        // all of it stands among its operands
      }
    }
    return operands;
  }

  private static String join(List<?> parts) {
    return parts.stream().map(Object::toString).collect(Collectors.joining(", "));
  }

  private static String lower(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }
}
