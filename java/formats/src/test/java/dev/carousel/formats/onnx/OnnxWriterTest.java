package dev.carousel.formats.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.carousel.Dense;
import dev.carousel.Directions;
import dev.carousel.FinalState;
import dev.carousel.Gru;
import dev.carousel.Initialisation;
import dev.carousel.Lstm;
import dev.carousel.Network;
import dev.carousel.Rnn;
import dev.carousel.Weights;
import dev.carousel.formats.data.Element;
import dev.carousel.formats.data.NdArray;
import dev.carousel.formats.model.Axis;
import dev.carousel.formats.model.Padding;
import dev.carousel.formats.model.Port;
import dev.carousel.formats.model.SavedModel;
import dev.carousel.formats.model.Signature;
import dev.carousel.spi.Order;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

class OnnxWriterTest {
  private static final int DRAWN = 400;

  @TempDir
  private Path folder;

  private void check(SavedModel model, int steps, int batch) throws Exception {
    Path file = folder.resolve("model.onnx");
    OnnxWriter.write(file, model);
    ModelFeeds feeds = ModelFeeds.drawn(model, steps, batch, 1);
    feeds.check(OrtRun.run(file, feeds.inputs()));
    feeds.check(new ModelFeeds(OnnxFile.read(file), feeds.inputs()).outputs());
  }

  private static SavedModel model(Network network, List<Port> inputs, List<Port> outputs) {
    return new SavedModel(network, Weights.seeded(network, Initialisation.PYTORCH, 3),
        new Signature(inputs, outputs, Padding.ZERO, Optional.empty()), "a test");
  }

  private static Port rows(Axis... axes) {
    return new Port("x", Port.Content.ROWS, List.of(), Element.F32, List.of(axes));
  }

  private static Port results(Axis... axes) {
    return new Port("y", Port.Content.RESULTS, List.of(), Element.F32, List.of(axes));
  }

  private static Port states(String name, List<String> states, Axis... axes) {
    return new Port(name, Port.Content.STATES, states, Element.F32, List.of(axes));
  }

  @TestFactory
  Stream<DynamicTest> whatIsWrittenGivesTheSameNumbersInOnnxruntime() {
    return IntStream.range(0, DRAWN).mapToObj(seed -> DynamicTest.dynamicTest("seed " + seed, () -> {
      SavedModel model = DrawnModels.model(seed);
      Path file = folder.resolve(seed + ".onnx");
      OnnxWriter.write(file, model);
      ModelFeeds feeds = ModelFeeds.drawn(model, seed);
      feeds.check(OrtRun.run(file, feeds.inputs()));
    }));
  }

  @Test
  void statesOfAllLayersAreOneInputAndOneOutputAsInPyTorch() throws Exception {
    Network network = Network.of(Lstm.of(5, 4).bidirectional(), Lstm.of(8, 4).bidirectional());
    List<String> hidden = List.of("0.forward.hidden", "0.reverse.hidden", "1.forward.hidden", "1.reverse.hidden");
    List<String> cells = hidden.stream().map(name -> name.replace("hidden", "cell")).toList();
    Axis[] stacked = {Axis.columns(4, 4), Axis.BATCH, Axis.columns(4)};
    check(model(network,
        List.of(rows(Axis.BATCH, Axis.STEPS, Axis.columns(5)), states("h_0", hidden, stacked),
            states("c_0", cells, stacked)),
        List.of(results(Axis.BATCH, Axis.STEPS, Axis.columns(8)), states("h_n", hidden, stacked),
            states("c_n", cells, stacked))),
        6, 3);
  }

  @Test
  void statesInAnyOrderAndOfSeveralWidthsStandSideBySide() throws Exception {
    Network network = Network.of(Gru.of(5, 4).directions(Directions.SUM), Rnn.of(4, 3).directions(Directions.REVERSE));
    List<String> states = List.of("1.reverse.hidden", "0.reverse.hidden", "0.forward.hidden");
    check(model(network,
        List.of(rows(Axis.STEPS, Axis.BATCH, Axis.columns(5)), states("before", states, Axis.BATCH, Axis.columns(11))),
        List.of(states("after", states, Axis.columns(11), Axis.BATCH),
            results(Axis.STEPS, Axis.BATCH, Axis.columns(3)))),
        4, 3);
  }

  @Test
  void aModelOfOneSequenceHasNoDimensionForTheBatch() throws Exception {
    Network network = Network.of(Lstm.of(5, 4), Lstm.of(4, 4));
    List<String> states = List.of("0.forward.cell", "1.forward.cell");
    check(model(network,
        List.of(rows(Axis.STEPS, Axis.columns(5)), states("before", states, Axis.columns(2, 4), Axis.columns(4))),
        List.of(results(Axis.STEPS, Axis.columns(4)), states("after", states, Axis.columns(8)))), 6, 1);
  }

  @Test
  void aModelOfOneStepHasNoDimensionForTheSteps() throws Exception {
    Network network = Network.of(Gru.of(5, 4), Dense.of(4, 3));
    List<String> state = List.of("0.forward.hidden");
    check(
        model(network, List.of(rows(Axis.BATCH, Axis.columns(5)), states("before", state, Axis.BATCH, Axis.columns(4))),
            List.of(results(Axis.BATCH, Axis.columns(3)), states("after", state, Axis.BATCH, Axis.columns(4)))),
        1, 3);
  }

  @Test
  void resultsAndStatesMayBeGivenTwice() throws Exception {
    Network network = Network.of(Rnn.of(5, 4), FinalState.of(4));
    List<String> state = List.of("0.forward.hidden");
    Port again = new Port("again", Port.Content.RESULTS, List.of(), Element.F32, List.of(Axis.BATCH, Axis.columns(4)));
    check(model(network, List.of(rows(Axis.STEPS, Axis.BATCH, Axis.columns(5))),
        List.of(results(Axis.BATCH, Axis.columns(4)), again,
            states("a", state, Axis.one(), Axis.BATCH, Axis.columns(4)),
            states("b", state, Axis.one(), Axis.BATCH, Axis.columns(4)))),
        4, 3);
  }

  @Test
  void namesOfPortsDoNotCollideWithThoseOfNodes() throws Exception {
    Port input = new Port("0.rows", Port.Content.ROWS, List.of(), Element.F32,
        List.of(Axis.BATCH, Axis.STEPS, Axis.columns(5)));
    Port output = new Port("0.Y", Port.Content.RESULTS, List.of(), Element.F32,
        List.of(Axis.BATCH, Axis.STEPS, Axis.columns(4)));
    check(model(Network.of(Rnn.of(5, 4)), List.of(input), List.of(output)), 4, 3);
  }

  @Test
  void halvesAreTurnedToFloatsAndBack() throws Exception {
    Network network = Network.of(Rnn.of(5, 4));
    Signature plain = Signature.of(network, Order.TIME_MAJOR);
    Port input = new Port("input", Port.Content.ROWS, List.of(), Element.F16, plain.rows().axes());
    Port output = new Port("output", Port.Content.RESULTS, List.of(), Element.F16, plain.outputs().getFirst().axes());
    SavedModel model = model(network, List.of(input), List.of(output));
    Path file = folder.resolve("halves.onnx");
    OnnxWriter.write(file, model);
    ModelFeeds feeds = ModelFeeds.drawn(model, 4, 3, 1);
    Map<String, NdArray> outputs = OrtRun.run(file, feeds.inputs());
    NdArray actual = Objects.requireNonNull(outputs.get("output"));
    NdArray expected = Objects.requireNonNull(feeds.outputs().get("output"));
    assertThat(actual.element()).isEqualTo(Element.F16);
    for (int i = 0; i < expected.count(); i++) {
      assertThat(actual.getFloat(i)).isCloseTo(expected.getFloat(i), within(0x1p-10f)); // a half's ulp
    }
  }
}
