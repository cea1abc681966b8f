package dev.carousel.formats.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.carousel.Concat;
import dev.carousel.Conv;
import dev.carousel.Embedding;
import dev.carousel.Gru;
import dev.carousel.Initialisation;
import dev.carousel.LastStep;
import dev.carousel.Lstm;
import dev.carousel.Network;
import dev.carousel.Network.Input;
import dev.carousel.Network.Node;
import dev.carousel.Pool;
import dev.carousel.Repeat;
import dev.carousel.Weights;
import dev.carousel.formats.data.Element;
import dev.carousel.formats.model.Port.Content;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** What is no signature, and which signatures are none of a network's. */
final class SavedModelTest {
  private static final Network LSTM = Network.of(Lstm.of(4, 3));
  private static final Port ROWS = port("x", Content.ROWS, Axis.STEPS, Axis.BATCH, Axis.columns(4));
  private static final Port RESULTS = port("y", Content.RESULTS, Axis.STEPS, Axis.BATCH, Axis.columns(3));
  private static final Port LENGTHS = new Port("n", Content.LENGTHS, List.of(), Element.I64, List.of(Axis.BATCH));

  private static Port port(String name, Content content, Axis... axes) {
    return new Port(name, content, List.of(), Element.F32, List.of(axes));
  }

  private static Port state(String name, int columns, String... states) {
    return new Port(name, Content.STATES, List.of(states), Element.F32, List.of(Axis.BATCH, Axis.columns(columns)));
  }

  private static SavedModel model(Network network, List<Port> inputs, Port... outputs) {
    return new SavedModel(network, Weights.seeded(network, Initialisation.PYTORCH, 1),
        new Signature(inputs, List.of(outputs), Padding.ZERO, Optional.empty()), "a test");
  }

  private static final Network GRAPH = Network.of(
      List.of(Input.rows("a", 2), Input.rows("b", 3), Input.row("c", 2), Input.indices("i")),
      List.of(Node.of("d", Concat.of(2, 3), "a", "b"), Node.of("e", Embedding.of(5, 4), "i"),
          Node.of("f", Concat.of(5, 4, 2), "d", "e", "c"), Node.of("g", Conv.of(11, 3, 2), "f"),
          Node.of("h", Pool.mean(3), "g")),
      "f", "g", "h");
  private static final Port C = parts("c", Content.ROWS, List.of("c"), Axis.BATCH, Axis.columns(2));
  private static final Port I = parts("i", Content.ROWS, List.of("i"), Axis.STEPS, Axis.BATCH);

  private static Port parts(String name, Content content, List<String> parts, Axis... axes) {
    return new Port(name, content, parts, Element.F32, List.of(axes));
  }

  private static Port both(Axis... axes) {
    return parts("ab", Content.ROWS, List.of("a", "b"), axes);
  }

  private static SavedModel graph(Port ab, Port c, Port... outputs) {
    return model(GRAPH, List.of(ab, c, I), outputs);
  }

  private static final Port AB = both(Axis.STEPS, Axis.BATCH, Axis.columns(5));
  private static final Port H = parts("h", Content.RESULTS, List.of("h"), Axis.BATCH, Axis.columns(3));

  @Test
  void portsMayHoldSeveralInputsAndLeaveOutputsOut() {
    assertThat(graph(AB, C, H).signature().rows()).isEqualTo(AB);
    Network repeated = Network.of(List.of(Input.row("c", 2)), List.of(Node.of("r", Repeat.of(2).steps(4), "c")), "r");
    Port steps = parts("r", Content.RESULTS, List.of("r"), Axis.STEPS, Axis.BATCH, Axis.columns(2));
    assertThat(model(repeated, List.of(C), steps).signature().outputs()).containsExactly(steps);
  }

  private static List<Refusal> ofAGraph() {
    return List.of(
        new Refusal("an input left out", () -> model(GRAPH, List.of(AB, C), H), "holds i, which the network reads"),
        new Refusal("parts of two kinds", () -> model(GRAPH, List.of(parts("x", Content.ROWS, List.of("a", "b", "c"),
            Axis.STEPS, Axis.BATCH, Axis.columns(7)), I), H), "Port x holds [a, b, c] side by side: they differ"),
        new Refusal("results of two axes", () -> graph(AB, C, parts("x", Content.RESULTS, List.of("f", "g"), Axis.STEPS,
            Axis.BATCH, Axis.columns(14))), "Port x holds [f, g] side by side: they differ in their steps"),
        new Refusal("steps of a row a sequence", () -> graph(AB, parts("c", Content.ROWS, List.of("c"), Axis.STEPS,
            Axis.BATCH, Axis.columns(2)), H), "The input c is [steps, batch, 2], and the network reads a row for each"),
        new Refusal("steps of some only", () -> graph(both(Axis.BATCH, Axis.columns(5)), C, H),
            "The input ab is [batch, 5], and another has a dimension of steps"),
        new Refusal("a part of no network", () -> graph(parts("ab", Content.ROWS, List.of("a", "z"), Axis.STEPS,
            Axis.BATCH, Axis.columns(5)), C, H), "Port ab holds ROWS of z, and this network has [a, b, c, i]"),
        new Refusal("a part given twice", () -> model(GRAPH, List.of(AB, C, I, parts("b", Content.ROWS, List.of("b"),
            Axis.STEPS, Axis.BATCH, Axis.columns(3))), H), "b is given twice, the second time by the input b"),
        new Refusal("results too wide", () -> graph(AB, C, parts("h", Content.RESULTS, List.of("h"), Axis.BATCH,
            Axis.columns(4))), "Port h is [batch, 4], of 4 columns, and what it holds, RESULTS, has 3"));
  }

  private static SavedModel results(Axis... axes) {
    return model(LSTM, List.of(ROWS), port("y", Content.RESULTS, axes));
  }

  private record Refusal(String name, Supplier<Object> model, String message) {}

  private static List<Refusal> ofAPort() {
    return List.of(
        new Refusal("no name", () -> port("", Content.ROWS), "was given no name"),
        new Refusal("steps twice", () -> port("x", Content.ROWS, Axis.STEPS, Axis.REVERSED_STEPS), "one dimension"),
        new Refusal("sequences twice", () -> port("x", Content.ROWS, Axis.BATCH, Axis.BATCH), "one dimension"),
        new Refusal("steps of a size", () -> new Axis(Axis.Kind.STEPS, 2, 1), "no size of its own"),
        new Refusal("columns that overlap", () -> port("x", Content.ROWS, Axis.columns(2, 3), Axis.columns(2)),
            "do not tell all columns apart"),
        new Refusal("columns without end", () -> port("x", Content.ROWS, Axis.columns(1 << 30, 4), Axis.columns(4)),
            "more columns than"),
        new Refusal("lengths as floats", () -> port("n", Content.LENGTHS, Axis.BATCH), "one integer a sequence"),
        new Refusal("lengths of each step", () -> new Port("n", Content.LENGTHS, List.of(), Element.I32,
            List.of(Axis.STEPS, Axis.BATCH)), "once a sequence"),
        new Refusal("a state of each step", () -> new Port("h", Content.STATES, List.of("0.forward.hidden"),
            Element.F32, List.of(Axis.STEPS)), "once a sequence"));
  }

  private static List<Refusal> ofASignature() {
    return List.of(
        new Refusal("two lengths", () -> model(LSTM, List.of(ROWS, LENGTHS, new Port("m", Content.LENGTHS, List.of(),
            Element.I64, List.of(Axis.BATCH))), RESULTS), "there are 2 such inputs"),
        new Refusal("lengths and a mask", () -> new Signature(List.of(ROWS, LENGTHS), List.of(RESULTS), Padding.ZERO,
            Optional.of(0f)), "and a mask"),
        new Refusal("an output of lengths", () -> model(LSTM, List.of(ROWS), LENGTHS), "which only an input does"),
        new Refusal("an input of results", () -> model(LSTM, List.of(ROWS, RESULTS), RESULTS),
            "which only an output does"),
        new Refusal("two inputs of a name", () -> model(LSTM, List.of(ROWS, state("x", 3, "0.forward.hidden")),
            RESULTS), "Two ports are called x"),
        new Refusal("two outputs of a name", () -> model(LSTM, List.of(ROWS), RESULTS, RESULTS), "are called y"),
        new Refusal("integers that come out", () -> model(LSTM, List.of(ROWS), new Port("y", Content.RESULTS,
            List.of(), Element.I32, RESULTS.axes())), "networks compute floats"),
        new Refusal("results of one sequence", () -> results(Axis.STEPS, Axis.columns(3)),
            "dimension of sequences, and some do not"));
  }

  private static List<Refusal> ofANetwork() {
    return List.of(
        new Refusal("rows too narrow", () -> model(LSTM, List.of(port("x", Content.ROWS, Axis.STEPS, Axis.BATCH)),
            RESULTS), "Port x is [steps, batch], of 1 columns, and what it holds, ROWS, has 4"),
        new Refusal("indices in columns", () -> model(Network.of(Embedding.of(9, 3)), List.of(ROWS), RESULTS),
            "has 1"),
        new Refusal("results too wide", () -> results(Axis.STEPS, Axis.BATCH, Axis.columns(8)), "has 3"),
        new Refusal("results too narrow", () -> results(Axis.STEPS, Axis.BATCH, Axis.columns(2)), "has 3"),
        new Refusal("results of one step", () -> results(Axis.BATCH, Axis.columns(3)), "for each step"),
        new Refusal("steps of what has none", () -> model(Network.of(Lstm.of(4, 3), LastStep.of(3)), List.of(ROWS),
            RESULTS), "for each sequence"),
        new Refusal("a state of no layer", () -> model(LSTM, List.of(ROWS), state("h", 3, "7.forward.hidden")),
            "this network has 0.forward.hidden, 0.forward.cell"),
        new Refusal("a cell of a GRU", () -> model(Network.of(Gru.of(4, 3)), List.of(ROWS),
            state("c", 3, "0.forward.cell")), "this network has 0.forward.hidden."),
        new Refusal("a state too wide", () -> model(LSTM, List.of(ROWS), state("h", 4, "0.forward.hidden")), "has 3"),
        new Refusal("a state given twice", () -> model(LSTM, List.of(ROWS, state("h", 3, "0.forward.hidden"),
            state("g", 3, "0.forward.hidden")), RESULTS), "is given twice, the second time by the input g"));
  }

  @TestFactory
  Stream<DynamicTest> whatDoesNotFitIsRefused() {
    return Stream.of(ofAPort(), ofASignature(), ofANetwork(), ofAGraph()).flatMap(List::stream)
        .map(refusal -> DynamicTest
            .dynamicTest(refusal.name(), () -> assertThatThrownBy(refusal.model()::get)
                .isInstanceOf(IllegalArgumentException.class).hasMessageContaining(refusal.message())));
  }
}
