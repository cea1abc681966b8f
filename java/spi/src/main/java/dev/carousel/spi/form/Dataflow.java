package dev.carousel.spi.form;

import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/** The check that values flow through a Program in order: names, extents, and every column written before it is read. */
final class Dataflow {
  private final Map<Slot, BitSet> written = new HashMap<>();

  private Dataflow() {}

  static void check(Set<Slot> slots, List<Step> steps) {
    Check.argument(!steps.isEmpty(), "A Program has no steps. Give it at least one.");
    Set<String> names = new HashSet<>();
    Dataflow flow = new Dataflow();
    for (Slot slot : slots) {
      Check.argument(names.add(slot.name()), "Two slots are called %s. Give each its own name.", slot.name());
      flow.columns(slot).set(0, slot.columns(), slot.role() != Slot.Role.OUTPUT && slot.role() != Slot.Role.SCRATCH);
    }
    for (Step step : steps) {
      switch (step) {
        case Operation operation -> {
          flow.operation(operation);
          sameExtent(operation);
        }
        case Scan scan -> flow.scan(scan);
      }
    }
    for (Slot slot : slots) {
      int missing = flow.columns(slot).nextClearBit(0);
      Check.argument(slot.role() != Slot.Role.OUTPUT || missing >= slot.columns(),
          "Output %s ends with column %d unwritten. Write it, or make the output narrower.", slot, missing);
    }
  }

  private BitSet columns(Slot slot) {
    return written.computeIfAbsent(slot, _ -> new BitSet());
  }

  private void scan(Scan scan) {
    Map<Slot, BitSet> before = new HashMap<>();
    written.forEach((slot, columns) -> before.put(slot, (BitSet) columns.clone()));
    scan.body().forEach(this::operation);
    // What a body leaves in a scratch row of the batch belongs to that step: it is not kept for later steps.
    before.keySet().removeIf(slot -> slot.extent() != Slot.Extent.BATCH || slot.role() != Slot.Role.SCRATCH);
    written.putAll(before);
  }

  private void operation(Operation operation) {
    for (View view : operation.reads()) {
      int missing = columns(view.slot()).nextClearBit(view.column());
      Check.argument(missing >= view.column() + view.columns(),
          "%s reads %s, of which column %d has not been written. Write it in a step before.", operation, view, missing);
    }
    for (View view : operation.writes()) {
      columns(view.slot()).set(view.column(), view.column() + view.columns());
    }
  }

  private static void sameExtent(Operation operation) {
    List<Slot> slots = Stream.concat(operation.reads().stream(), operation.writes().stream()).map(View::slot)
        .filter(slot -> slot.extent() != Slot.Extent.FIXED).toList();
    for (Slot slot : slots) {
      Check.argument(operation instanceof AcrossSteps || (slot.extent() == slots.getFirst().extent()
          && slot.axis().equals(slots.getFirst().axis())),
          "%s mixes %s and %s outside a scan. Put it into a scan, or keep to one extent and axis.", operation,
          slots.getFirst(), slot);
    }
  }
}
