package dev.carousel.formats.model;

import dev.carousel.Network;
import dev.carousel.spi.Order;
import dev.carousel.spi.form.Slot;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/** The ports of a part of a network: those of the whole that still hold what they held, and usual ones of what is new. */
final class SignaturePart {
  private final Signature signature;
  private final Network whole;
  private final Network part;
  private final Signature usual;
  private final boolean batch;
  private final Set<String> states = new HashSet<>();

  SignaturePart(Signature signature, Network whole, Network part) {
    this.signature = signature;
    this.whole = whole;
    this.part = part;
    List<Axis> axes = signature.rows().axes();
    boolean batchFirst = axes.contains(Axis.BATCH) && axes.indexOf(Axis.BATCH) < axes.indexOf(Axis.STEPS);
    usual = Signature.of(part, batchFirst ? Order.BATCH_MAJOR : Order.TIME_MAJOR);
    batch = signature.rows().hasBatch();
    if (signature.inputs().stream().anyMatch(SignaturePart::isState)
        || signature.outputs().stream().anyMatch(SignaturePart::isState)) {
      part.lower().program().slots(Slot.Role.STATE).forEach(slot -> states.add(slot.name()));
    }
  }

  private static boolean isState(Port port) {
    return port.content() == Port.Content.STATES;
  }

  Signature signature() {
    List<Port> inputs = inputs();
    boolean steps = inputs.stream().anyMatch(Port::hasSteps);
    boolean masked = signature.mask().isPresent() && inputs.contains(signature.rows());
    return new Signature(inputs, outputs(steps), signature.padding(), masked ? signature.mask() : Optional.empty());
  }

  private List<Port> inputs() {
    List<Port> inputs = new ArrayList<>();
    Set<String> covered = new HashSet<>();
    for (Port port : signature.inputs()) {
      boolean kept = switch (port.content()) {
        case ROWS -> port.parts().stream().allMatch(this::isKept);
        case LENGTHS -> part.inputs().stream().anyMatch(Network.Input::perStep);
        case STATES -> states.containsAll(port.parts());
        case RESULTS -> false;
      };
      if (kept) {
        inputs.add(port);
        covered.addAll(port.parts());
      }
    }
    boolean steps = inputs.stream().noneMatch(port -> port.content() == Port.Content.ROWS
        && whole.rows(port.parts().getFirst()).perStep()) || inputs.stream().anyMatch(Port::hasSteps);
    for (Port port : usual.inputs()) {
      if (!covered.contains(port.name())) {
        inputs.add(with(port, steps));
      }
    }
    return inputs;
  }

  /** Whether an input of the whole is one of the part. */
  private boolean isKept(String input) {
    return part.inputs().stream().anyMatch(one -> whole.inputs().contains(one) && one.name().equals(input));
  }

  private List<Port> outputs(boolean steps) {
    List<Port> outputs = new ArrayList<>();
    for (Network.Output output : part.outputs()) {
      boolean each = Signature.hasSteps(part.rows(output.name()), steps);
      Port port = with(usual(output.name()), each);
      for (Port own : signature.outputs()) {
        if (own.content() == Port.Content.RESULTS && own.parts().equals(List.of(output.name()))
            && own.hasSteps() == each && whole.outputs().contains(output)) {
          port = own;
        }
      }
      outputs.add(port);
    }
    signature.outputs().stream().filter(port -> isState(port) && states.containsAll(port.parts()))
        .forEach(outputs::add);
    return outputs;
  }

  private Port usual(String output) {
    return Objects.requireNonNull(usual.outputs().stream().filter(port -> port.name().equals(output)).findFirst()
        .orElse(null));
  }

  /** A port with a dimension of steps or without, and of sequences where the others have one. */
  private Port with(Port port, boolean steps) {
    List<Axis> axes = new ArrayList<>(port.axes());
    axes.removeIf(axis -> (axis.equals(Axis.BATCH) && !batch) || (axis.equals(Axis.STEPS) && !steps));
    return new Port(port.name(), port.content(), port.parts(), port.element(), axes);
  }
}
