package dev.carousel.formats.keras;

import dev.carousel.Network;
import dev.carousel.formats.data.Element;
import dev.carousel.formats.data.FormatException;
import dev.carousel.formats.keras.Signal.Tail;
import dev.carousel.formats.model.Axis;
import dev.carousel.formats.model.Padding;
import dev.carousel.formats.model.Port;
import dev.carousel.formats.model.Signature;
import java.util.ArrayList;
import java.util.List;

/**
 * A model's inputs and outputs under Keras' names, with Keras' dimensions.
 *
 * @param names of the outputs
 */
record KerasPorts(KerasGraph graph, KerasInputs inputs, List<Signal> results, List<String> names) {

  /** The signature of the network, whose inputs and outputs are in the same order; an input that is masked comes first. */
  Signature signature(Network network) throws FormatException {
    List<Port> takes = new ArrayList<>();
    for (int i = 0; i < network.inputs().size(); i++) {
      Signal input = inputs.signals().get(i);
      Port port = new Port(inputs.names().get(i), Port.Content.ROWS, List.of(network.inputs().get(i).name()),
          input.indices() ? Element.I32 : Element.F32, axes(input));
      takes.add(graph.mask().isPresent() && input.node().equals(graph.maskedInput()) ? 0 : takes.size(), port);
    }
    List<Port> gives = new ArrayList<>();
    for (int i = 0; i < network.outputs().size(); i++) {
      gives.add(new Port(names.get(i), Port.Content.RESULTS, List.of(network.outputs().get(i).name()), Element.F32,
          axes(results.get(i))));
    }
    return new Signature(takes, gives, padding(), graph.mask());
  }

  private static List<Axis> axes(Signal signal) throws FormatException {
    Axis steps = signal.flipped() ? Axis.REVERSED_STEPS : Axis.STEPS;
    boolean bare = signal.indices();
    return switch (signal.form()) {
      case ROW -> bare ? List.of(Axis.BATCH) : List.of(Axis.BATCH, Axis.columns(signal.width()));
      case SINGLE -> bare ? List.of(Axis.BATCH, Axis.one())
          : List.of(Axis.BATCH, Axis.one(), Axis.columns(signal.width()));
      case COLUMN -> List.of(Axis.BATCH, Axis.columns(signal.width()), Axis.one());
      case SEQUENCE -> List.of(Axis.BATCH, steps, Axis.columns(signal.width()));
      case SCORES -> List.of(Axis.BATCH, steps);
      case SPREAD, TURNED ->
        throw FormatException.of("An output of the model is %s, one number many times, which Carousel"
            + " does not give.", signal.form());
    };
  }

  /** What stands behind the sequences' ends where there is a mask: the same in all outputs. */
  private Padding padding() throws FormatException {
    if (graph.mask().isEmpty()) {
      return Padding.ZERO;
    }
    boolean zero = false;
    boolean repeat = false;
    for (int i = 0; i < results.size(); i++) {
      Signal result = results.get(i);
      if (result.ofRun()) {
        FormatException.check(result.masked() && result.tail() != Tail.OTHER,
            "Output %s has rows behind the end of a masked"
                + " sequence that Carousel does not compute. Give the output of a recurrent layer, or of layers that make a row"
                + " of a row behind one.",
            names.get(i));
        repeat |= result.tail() == Tail.REPEAT;
        zero |= result.tail() != Tail.REPEAT;
      }
    }
    FormatException.check(!(zero && repeat),
        "Some outputs repeat the last row behind the end of a masked sequence, and some"
            + " have zeros there. Carousel does one of the two: take the outputs apart.");
    return repeat ? Padding.REPEAT : Padding.ZERO_BEFORE_DENSE;
  }
}
