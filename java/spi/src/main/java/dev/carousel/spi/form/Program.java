package dev.carousel.spi.form;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * A network as a list of steps over slots: checked when made, printable, the whole of what a back end runs.
 *
 * <p>What is checked: names are unique; every column is written before it is read (INPUT, PARAMETER and STATE hold a
 * value from the start); an OUTPUT is written in full; outside scans an operation stays within one extent.
 *
 * @param forward the steps of a run
 * @param backward the steps of the gradient; no operation for it exists yet, so it is empty
 */
public record Program(List<Step> forward, List<Step> backward) {
  public Program {
    forward = List.copyOf(forward);
    backward = List.copyOf(backward);
    Dataflow.check(slots(forward), forward);
    Check.argument(backward.isEmpty(), "%d backward steps were given, and back ends run none.", backward.size());
  }

  /** The Program of these steps. */
  public static Program of(List<Step> forward) {
    return new Program(forward, List.of());
  }

  /** All slots, in the order in which the steps name them. */
  public List<Slot> slots() {
    return List.copyOf(slots(forward));
  }

  /** The slots of a role, in the order in which the steps name them. */
  public List<Slot> slots(Slot.Role role) {
    return slots().stream().filter(slot -> slot.role() == role).toList();
  }

  /** All operations, those inside scans included, in order. */
  public Stream<Operation> operations() {
    return operations(forward);
  }

  private static Set<Slot> slots(List<Step> steps) {
    Set<Slot> slots = new LinkedHashSet<>();
    operations(steps).flatMap(operation -> Stream.concat(operation.reads().stream(), operation.writes().stream()))
        .forEach(view -> slots.add(view.slot()));
    return slots;
  }

  private static Stream<Operation> operations(List<Step> steps) {
    return steps.stream().flatMap(step -> switch (step) {
      case Operation operation -> Stream.of(operation);
      case Scan scan -> scan.body().stream();
    });
  }

  /** The listing: the slots by role, then one line a step, shapes included. */
  @Override
  public String toString() {
    return Listing.of(this);
  }
}
