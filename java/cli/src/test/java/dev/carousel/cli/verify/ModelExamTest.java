package dev.carousel.cli.verify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.carousel.Dense;
import dev.carousel.Embedding;
import dev.carousel.FinalState;
import dev.carousel.Gru;
import dev.carousel.Initialisation;
import dev.carousel.LastStep;
import dev.carousel.Lstm;
import dev.carousel.Network;
import dev.carousel.Weights;
import dev.carousel.cli.TestDevices;
import dev.carousel.conformance.Outcome;
import dev.carousel.formats.data.NdArray;
import dev.carousel.formats.model.SavedModel;
import dev.carousel.formats.model.Signature;
import dev.carousel.formats.npy.Npy;
import dev.carousel.spi.Device;
import dev.carousel.spi.Order;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class ModelExamTest {
  private static final Network STREAM = Network.of(Lstm.of(5, 9), Gru.of(9, 7), Dense.of(7, 3));

  @TempDir
  private Path folder;

  static List<Network> networks() {
    return List.of(STREAM, Network.of(Embedding.of(20, 6), Lstm.of(6, 8).bidirectional(), Dense.of(16, 4).softmax()),
        Network.of(Gru.of(4, 8), LastStep.of(8), Dense.of(8, 2)),
        Network.of(Lstm.of(4, 8).bidirectional(), FinalState.of(16)));
  }

  private static SavedModel model(Network network) {
    return new SavedModel(network, Weights.seeded(network, Initialisation.PYTORCH, 3),
        Signature.of(network, Order.BATCH_MAJOR), "a test");
  }

  private List<Answer> answers(Network network, Device device, Map<String, Npy> given) throws Exception {
    return TestDevices.with(folder, () -> {
      DeviceResult.Log log = new DeviceResult.Log(device);
      try (Exam exam = new ModelExam("model", model(network), 1, given)) {
        new Examiner(exam, exam.questions()).examine(device, log);
      }
      return log.result().answers();
    });
  }

  @ParameterizedTest
  @MethodSource("networks")
  void aRightDevicePassesAllAndItsErrorsAreKnown(Network network) throws Exception {
    assertThat(answers(network, TestDevices.RIGHT, Map.of())).hasSizeGreaterThan(5).allSatisfy(answer -> {
      assertThat(answer.outcome().kind()).isEqualTo(Outcome.Kind.PASS);
      assertThat(answer.outcome().worst()).hasValue(0);
    });
  }

  @ParameterizedTest
  @MethodSource("networks")
  void aWrongDeviceFailsAll(Network network) throws Exception {
    assertThat(answers(network, TestDevices.WRONG, Map.of())).hasSizeGreaterThan(5).allMatch(Answer::failed);
  }

  @Test
  void onlyWhatReadsForwardsIsStreamed() throws Exception {
    List<Boolean> streamed = new ArrayList<>();
    for (Network network : networks()) {
      streamed.add(answers(network, TestDevices.RIGHT, Map.of()).stream()
          .anyMatch(answer -> answer.question().subject().equals("streamed")));
    }
    assertThat(streamed).containsExactly(true, false, true, false);
  }

  @Test
  void arraysThatAreGivenAreACaseOfTheirOwn() throws Exception {
    float[] values = new float[2 * 3 * 5];
    Arrays.fill(values, 0.5f);
    Map<String, Npy> given = Map.of("input", new Npy(NdArray.of(List.of(2L, 3L, 5L), values), false));
    assertThat(answers(STREAM, TestDevices.RIGHT, given)).anyMatch(answer -> answer.question().path()
        .equals("model/given") && answer.outcome().kind() == Outcome.Kind.PASS);
    assertThat(answers(STREAM, TestDevices.WRONG, given)).anyMatch(answer -> answer.question().path()
        .equals("model/given") && answer.outcome().message().contains("output output"));
    Map<String, Npy> narrow = Map.of("input", new Npy(NdArray.of(List.of(2L, 3L, 5L), values).shaped(List.of(2L, 5L,
        3L)), false));
    assertThatIllegalArgumentException().isThrownBy(() -> answers(STREAM, TestDevices.RIGHT, narrow))
        .withMessageContaining("input");
  }

  private static MemorySegment input(RandomTrial trial) {
    return Objects.requireNonNull(trial.data().get("input"));
  }

  @Test
  void anotherSeedIsOtherDataAndTheSameSeedTheSame() {
    RandomTrial one = new RandomTrial(model(STREAM), 1, 4, 3, false);
    RandomTrial other = new RandomTrial(model(STREAM), 2, 4, 3, false);
    assertThat(input(one).mismatch(input(one))).isEqualTo(-1);
    assertThat(input(one).mismatch(input(other))).isNotEqualTo(-1);
  }

  @Test
  void whatADeviceDoesNotSupportIsSaid() throws Exception {
    assertThat(answers(STREAM, TestDevices.UNABLE, Map.of())).isNotEmpty().allSatisfy(answer -> {
      assertThat(answer.outcome().kind()).isEqualTo(Outcome.Kind.UNSUPPORTED);
      assertThat(answer.outcome().message()).isEqualTo("It has no kernels.");
    });
  }
}
