package dev.carousel.formats.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.carousel.Lstm;
import dev.carousel.formats.data.Element;
import dev.carousel.formats.data.FormatException;
import dev.carousel.formats.model.Axis;
import dev.carousel.formats.model.Port;
import dev.carousel.formats.model.SavedModel;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.BinaryOperator;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** What others may write in place of what the writer does, and what looks like it and is something else. */
class OnnxFormsTest {
  private static final int INPUTS = 3;
  private static final int UNITS = 4;
  private static final Port X = new Port("x", Port.Content.ROWS, List.of(), Element.F32,
      List.of(Axis.STEPS, Axis.BATCH, Axis.columns(INPUTS)));
  private static final Port LENGTHS = new Port("lengths", Port.Content.LENGTHS, List.of(), Element.I32,
      List.of(Axis.BATCH));
  private static final Port OTHER = new Port("other", Port.Content.LENGTHS, List.of(), Element.I32,
      List.of(Axis.BATCH));
  private static final Port FORWARD = state("f");
  private static final Port REVERSE = state("r");

  @TempDir
  private Path folder;

  private static Port state(String name) {
    return new Port(name, Port.Content.STATES, List.of("0.forward.hidden"), Element.F32,
        List.of(Axis.one(), Axis.BATCH, Axis.columns(UNITS)));
  }

  /** A graph on its way. */
  private record Draft(WrittenGraph graph, Random random) {
    String node(String operator, List<String> inputs, WrittenAttribute... attributes) {
      return graph.node(operator, operator, inputs, attributes);
    }

    String node(String operator, String... inputs) {
      return node(operator, List.of(inputs));
    }

    String number(float value) {
      return graph.number("number", value);
    }

    String weights(long... shape) {
      float[] values = new float[(int) Arrays.stream(shape).reduce(1, (left, right) -> left * right)];
      for (int i = 0; i < values.length; i++) {
        values[i] = random.nextFloat(-0.7f, 0.7f);
      }
      return graph.weights("weights", Arrays.stream(shape).boxed().toList(), List.of(MemorySegment.ofArray(values)));
    }

    /** Rows of four units, {@code [steps][batch][4]}, with lengths. */
    String rows() {
      String rows = node("RNN", List.of("x", weights(1, UNITS, INPUTS), weights(1, UNITS, UNITS), "", "lengths"),
          WrittenAttribute.of("hidden_size", UNITS));
      return node("Squeeze", rows, graph.integers("axis", 1));
    }

    /** The same without lengths, and a product with them and a bias. */
    String plain() {
      String rows = node("RNN", List.of("x", weights(1, UNITS, INPUTS), weights(1, UNITS, UNITS)),
          WrittenAttribute.of("hidden_size", UNITS));
      return node("Add", node("MatMul", node("Squeeze", rows, graph.integers("axis", 1)), weights(UNITS, UNITS)),
          weights(UNITS));
    }

    /** Those of a product with them and a bias. */
    String dense() {
      return node("Add", node("MatMul", rows(), weights(UNITS, UNITS)), weights(UNITS));
    }

    /** The numbers of the steps, {@code [steps][1]}. */
    String steps(String rows) {
      String count = node("Gather", node("Shape", rows), graph.integer("first", 0));
      String steps = node("Cast", List.of(node("Range", graph.integer("from", 0), count, graph.integer("by", 1))),
          WrittenAttribute.of("to", 6));
      return node("Unsqueeze", steps, graph.integers("axis", 1));
    }

    /** The mask with an axis more for the columns. */
    String wide(String mask) {
      return node("Unsqueeze", mask, graph.integers("axis", 2));
    }
  }

  private SavedModel read(List<Port> inputs, Function<Draft, String> form) throws IOException {
    Port y = new Port("y", Port.Content.RESULTS, List.of(), Element.F32,
        List.of(Axis.STEPS, Axis.BATCH, Axis.columns(UNITS)));
    WrittenGraph graph = new WrittenGraph(inputs, List.of(y));
    graph.output(y, form.apply(new Draft(graph, new Random(5))));
    Path file = folder.resolve("form.onnx");
    new WrittenFile(file, graph).write(Integer.MAX_VALUE);
    return OnnxFile.read(file);
  }

  private void check(List<Port> inputs, Function<Draft, String> form) throws Exception {
    SavedModel model = read(inputs, form);
    ModelFeeds feeds = ModelFeeds.drawn(model, 5, 4, 7);
    feeds.check(OrtRun.run(folder.resolve("form.onnx"), feeds.inputs()));
  }

  private static String masked(Draft draft, String rows, String zero, BinaryOperator<String> test, boolean valid) {
    String mask = draft.wide(test.apply(draft.steps(rows), "lengths"));
    return valid ? draft.node("Where", mask, rows, zero) : draft.node("Where", mask, zero, rows);
  }

  private static Function<Draft, String> zeros(BinaryTest test, boolean valid) {
    return draft -> masked(draft, draft.dense(), draft.number(0), (steps, lengths) -> test.of(draft, steps, lengths),
        valid);
  }

  private interface BinaryTest {
    String of(Draft draft, String steps, String lengths);
  }

  @TestFactory
  Stream<DynamicTest> zerosBehindLengthsAreReadHoweverTheyAreChosen() {
    return Stream.of(zeros((draft, steps, lengths) -> draft.node("Less", steps, lengths), true),
        zeros((draft, steps, lengths) -> draft.node("Greater", lengths, steps), true),
        zeros((draft, steps, lengths) -> draft.node("GreaterOrEqual", steps, lengths), false),
        zeros((draft, steps, lengths) -> draft.node("LessOrEqual", lengths, steps), false),
        zeros((draft, steps, lengths) -> draft.node("Not", draft.node("Less", steps, lengths)), false))
        .map(form -> DynamicTest.dynamicTest("form", () -> check(List.of(X, LENGTHS), form)));
  }

  @TestFactory
  Stream<DynamicTest> numbersAreAddedAndMultipliedInAnyOrder() {
    return Stream.<Function<Draft, String>>of(
        draft -> draft.node("Sub", draft.number(0.5f), draft.node("Mul", draft.number(3), draft.dense())),
        draft -> draft.node("Div", draft.node("Sub", draft.dense(), draft.number(0.25f)), draft.number(4)),
        draft -> draft.node("Sigmoid", draft.node("Add", draft.node("Mul", draft.dense(), draft.number(2)),
            draft.number(0.125f))),
        draft -> draft.node("Add", draft.node("Mul", draft.dense(), draft.number(2)), draft.weights(UNITS)),
        draft -> draft.node("Mul", draft.node("Tanh", draft.node("Div", draft.dense(), draft.number(2))),
            draft.number(-3)))
        .map(form -> DynamicTest.dynamicTest("form", () -> check(List.of(X, LENGTHS), form)));
  }

  @TestFactory
  Stream<DynamicTest> aFunctionBehindAFunctionIsALayer() {
    return Stream.<Function<Draft, String>>of(
        draft -> draft.node("Mul", draft.node("Relu", draft.plain()), draft.number(2)),
        draft -> draft.node("Div", draft.number(2), draft.node("Exp", draft.plain())),
        draft -> draft.node("Sigmoid", draft.node("Softmax", draft.plain())))
        .map(form -> DynamicTest.dynamicTest("form", () -> check(List.of(X), form)));
  }

  @Test
  void initialStatesOfTwoInputsAreJoined() throws Exception {
    check(List.of(X, FORWARD, REVERSE), draft -> {
      String rows = draft.node("RNN", List.of("x", draft.weights(2, UNITS, INPUTS), draft.weights(2, UNITS, UNITS), "",
          "", draft.node("Concat", List.of("f", "r"), WrittenAttribute.of("axis", 0))),
          WrittenAttribute.of("hidden_size", UNITS), WrittenAttribute.of("direction", "bidirectional"));
      return draft.node("ReduceSum", List.of(rows, draft.graph.integers("axis", 1)),
          WrittenAttribute.of("keepdims", 0));
    });
  }

  private static String lowRank(Draft draft, int rank) {
    String weights = draft.node("MatMul", draft.weights(1, 4L * UNITS, rank), draft.weights(1, rank, UNITS));
    return draft.node("LSTM", List.of("x", draft.weights(1, 4L * UNITS, INPUTS), weights),
        WrittenAttribute.of("hidden_size", UNITS));
  }

  @Test
  void recurrentWeightsThatAreAProductNeedNoProjectionBehindThem() throws Exception {
    Function<Draft, String> form = draft -> draft.node("Squeeze", lowRank(draft, 2), draft.graph.integers("axis", 1));
    check(List.of(X), form);
    assertThat(read(List.of(X), form).network().layers()).containsExactly(Lstm.of(INPUTS, UNITS).withoutBias());
  }

  @Test
  void anotherProductBehindThemIsADenseLayer() throws Exception {
    Function<Draft, String> form = draft -> draft.node("Squeeze",
        draft.node("MatMul", lowRank(draft, UNITS), draft.weights(1, UNITS, UNITS)), draft.graph.integers("axis", 1));
    check(List.of(X), form);
    assertThat(read(List.of(X), form).network().layers()).hasSize(2);
  }

  private void refused(List<Port> inputs, Function<Draft, String> form, String message) {
    assertThatThrownBy(() -> read(inputs, form)).isInstanceOf(FormatException.class).hasMessageContaining(message);
  }

  @Test
  void whatIsSomethingElseIsRefused() {
    refused(List.of(X, LENGTHS), draft -> masked(draft, draft.dense(), draft.number(1),
        (steps, lengths) -> draft.node("Less", steps, lengths), true), "neither 0 nor");
    refused(List.of(X, LENGTHS, OTHER), draft -> masked(draft, draft.dense(), draft.number(0),
        (steps, lengths) -> draft.node("Less", steps, "other"), true), "lengths that are not those of the rows");
    refused(List.of(X, LENGTHS), zeros((draft, steps, lengths) -> draft.node("LessOrEqual", steps, lengths), true),
        "otherwise than by whether they are valid");
    refused(List.of(X, LENGTHS), zeros((draft, steps, lengths) -> draft.node("Less", steps, lengths), false),
        "not what layers give where there are steps");
    refused(List.of(X, LENGTHS), draft -> {
      String zeroed = masked(draft, draft.dense(), draft.number(0),
          (steps, lengths) -> draft.node("Less", steps, lengths), true);
      return draft.node("MatMul", zeroed, draft.weights(UNITS, UNITS));
    }, "behind the ends of sequences neither zeros");
    refused(List.of(X, LENGTHS), draft -> draft.node("Mul", draft.node("Relu", draft.dense()), draft.number(2)),
        "behind the ends of sequences neither zeros");
    refused(List.of(X, LENGTHS), draft -> draft.node("Div", draft.number(2), draft.dense()),
        "behind the ends of sequences neither zeros");
  }
}
