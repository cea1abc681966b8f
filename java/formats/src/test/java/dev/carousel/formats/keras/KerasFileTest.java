package dev.carousel.formats.keras;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.carousel.Devices;
import dev.carousel.Directions;
import dev.carousel.FinalState;
import dev.carousel.Gru;
import dev.carousel.Lstm;
import dev.carousel.Model;
import dev.carousel.formats.data.FormatException;
import dev.carousel.formats.data.NdArray;
import dev.carousel.formats.data.Source;
import dev.carousel.formats.data.WholeFile;
import dev.carousel.formats.model.Axis;
import dev.carousel.formats.model.Padding;
import dev.carousel.formats.model.SavedModel;
import dev.carousel.formats.model.Signature;
import dev.carousel.formats.npy.Npy;
import dev.carousel.formats.run.BatchRun;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class KerasFileTest {
  private static final String AMBIGUOUS = "ambiguous_alone";

  static List<String> models() throws IOException {
    return KerasFiles.stems().stream().filter(stem -> !stem.equals(AMBIGUOUS)).toList();
  }

  @ParameterizedTest
  @MethodSource("models")
  void aModelGivesWhatNumpyComputed(String stem) throws IOException {
    SavedModel model = KerasFile.read(KerasFiles.model(stem));
    NdArray expected = KerasFiles.array(stem + ".out.npy");
    Signature signature = model.signature();
    BatchRun run = BatchRun.of(model,
        Map.of(signature.rows().name(), new Npy(KerasFiles.array(stem + ".in.npy"), false)),
        null);
    try (Model compiled = Model.compile(model.network(), model.weights(), Devices.byId("reference"))) {
      NdArray result = run.run(compiled).values().iterator().next();
      assertThat(result.shape()).isEqualTo(expected.shape());
      for (long i = 0; i < expected.count(); i++) {
        assertThat(result.getFloat(i)).as("element %d", i).isCloseTo(expected.getFloat(i), within(1e-5f));
      }
    }
  }

  @Test
  void allModelsThatTheScriptMakesAreRead() throws IOException {
    assertThat(models()).hasSizeGreaterThan(40);
  }

  @Test
  void aFileSaysWhereItComesFrom() throws IOException {
    assertThat(read("lstm_softmax").origin()).isEqualTo("Keras 2.15.0, .h5");
    assertThat(read("gru_after").origin()).isEqualTo("Keras 3.8.0, .keras");
    assertThat(read("numbered").origin()).isEqualTo("Keras 3, weights with numbered.json");
    assertThat(read("numbered_alone").origin()).contains("weights alone").contains("defaults");
  }

  @Test
  void portsHaveTheNamesOfTheFirstAndLastLayers() throws IOException {
    Signature signature = read("functional_2").signature();
    assertThat(signature.rows().name()).isEqualTo("input_1");
    assertThat(signature.rows().axes()).containsExactly(Axis.BATCH, Axis.STEPS, Axis.columns(4));
    assertThat(signature.outputs().getFirst().name()).isEqualTo("dense");
    assertThat(signature.outputs().getFirst().axes()).containsExactly(Axis.BATCH, Axis.columns(2));
    assertThat(read("lstm_hard_sigmoid_2").signature().rows().name()).isEqualTo("input");
  }

  @Test
  void theLastStateOfAReverseDirectionIsThatAfterTheFirstStep() throws IOException {
    assertThat(read("backwards_last").network().layers()).startsWith(Lstm.of(4, 5).directions(Directions.REVERSE),
        FinalState.of(5));
  }

  @Test
  void aChainThatEndsBackwardsGivesItsStepsBackwards() throws IOException {
    assertThat(read("backwards_steps").signature().outputs().getFirst().axes())
        .containsExactly(Axis.BATCH, Axis.REVERSED_STEPS, Axis.columns(3));
    assertThat(read("backwards_twice").signature().outputs().getFirst().axes())
        .containsExactly(Axis.BATCH, Axis.STEPS, Axis.columns(4));
  }

  @Test
  void paddingFollowsTheLastRecurrentLayer() throws IOException {
    assertThat(read("embedding_mask_steps").signature().padding()).isEqualTo(Padding.REPEAT);
    assertThat(read("embedding_mask_steps").signature().mask()).isEqualTo(Optional.of(0f));
    assertThat(read("masking_bidirectional_steps").signature().padding()).isEqualTo(Padding.ZERO_BEFORE_DENSE);
    assertThat(read("masking_bidirectional_steps").signature().mask()).isEqualTo(Optional.of(9.5f));
    assertThat(read("masking_zero_output").signature().padding()).isEqualTo(Padding.ZERO_BEFORE_DENSE);
    assertThat(read("lstm_softmax").signature().padding()).isEqualTo(Padding.ZERO);
    assertThat(read("embedding_plain").signature().mask()).isEmpty();
  }

  @Test
  void aGruThatDoesNotSayWhereItResetsShowsItInItsBias() throws IOException {
    assertThat(read("gru_unsaid").network().layers().getFirst()).isEqualTo(Gru.of(4, 5).resetBefore());
  }

  @Test
  void weightsThatFitInSeveralOrdersAreRefusedWithAdvice() {
    assertThatThrownBy(() -> read(AMBIGUOUS)).isInstanceOf(FormatException.class)
        .hasMessageContaining("in no order, or in several").hasMessageContaining("model.to_json()")
        .hasMessageContaining("ambiguous_alone.json");
  }

  @Test
  void hdf5IsKnownByItsSignatureBehindAUserBlockToo() throws IOException {
    assertThat(KerasFile.looksLike(WholeFile.read(KerasFiles.model("lstm_softmax")))).isTrue();
    assertThat(KerasFile.looksLike(WholeFile.read(KerasFiles.model("user_block")))).isTrue();
    assertThat(KerasFile.looksLike(WholeFile.read(KerasFiles.model("gru_after")))).isFalse();
    assertThat(KerasFile.looksLike(MemorySegment.ofArray(new byte[3]))).isFalse();
  }

  @Test
  void weightsStayWhereTheFileWasReadToIfTheyNeedNoTurning() throws IOException {
    Source source = Source.of(KerasFiles.model("embedding_plain"));
    MemorySegment bytes = source.bytes();
    assertThat(KerasFile.read(source).weights().tensor("0.table").data().address())
        .isBetween(bytes.address(), bytes.address() + bytes.byteSize());
  }

  private static SavedModel read(String stem) throws IOException {
    return KerasFile.read(KerasFiles.model(stem));
  }
}
