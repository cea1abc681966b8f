package dev.carousel.formats.safetensors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.carousel.Dense;
import dev.carousel.Embedding;
import dev.carousel.Gru;
import dev.carousel.Initialisation;
import dev.carousel.Lstm;
import dev.carousel.Network;
import dev.carousel.Rnn;
import dev.carousel.Weights;
import dev.carousel.formats.data.FormatException;
import dev.carousel.formats.data.NdArray;
import dev.carousel.formats.model.RandomGraphs;
import dev.carousel.formats.model.SavedModel;
import dev.carousel.formats.model.Signature;
import dev.carousel.formats.npy.Npy;
import dev.carousel.formats.npy.Npz;
import dev.carousel.spi.Order;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** State dicts of PyTorch's modules, with what the modules computed; make_state_dicts.py wrote both. */
final class PyTorchFileTest {
  @TempDir
  private Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"lstm", "lstm_projected", "lstm_without_bias", "gru", "gru_without_bias", "rnn", "rnn_relu",
      "linear", "tagger", "batch_first", "classifier", "half", "bfloat", "double", "attention", "attention_plain"})
  void theReferenceComputesWhatTheModuleComputed(String name) throws IOException {
    SavedModel model = PyTorchFile.read(Models.fixture(name + ".safetensors"));
    assertThat(model.origin()).isEqualTo("safetensors with PyTorch's names");
    Map<String, Npy> arrays = Npz.read(Models.fixture(name + ".npz"));
    NdArray expected = Objects.requireNonNull(arrays.get("expected")).rowMajor();
    float[] found = Models.run(model, Objects.requireNonNull(arrays.get("input")).rowMajor());
    assertThat(found).hasSize((int) expected.count());
    for (int i = 0; i < found.length; i++) {
      assertThat(found[i]).as("%s at %d", name, i).isCloseTo(expected.getFloat(i), within(1e-5f));
    }
  }

  @Test
  void networksAreToldByShapes() throws IOException {
    assertThat(network("lstm")).isEqualTo(Network.of(Lstm.of(4, 6).bidirectional(), Lstm.of(12, 6).bidirectional()));
    assertThat(network("lstm_projected")).isEqualTo(Network.of(Lstm.of(4, 6).projection(2).bidirectional(),
        Lstm.of(4, 6).projection(2).bidirectional()));
    assertThat(network("gru_without_bias").layers()).containsExactly(Gru.of(4, 5).withoutBias(),
        Gru.of(5, 5).withoutBias(), Gru.of(5, 5).withoutBias());
    assertThat(network("rnn")).isEqualTo(Network.of(Rnn.of(4, 5), Rnn.of(5, 5)));
    assertThat(network("tagger")).isEqualTo(Network.of(Embedding.of(11, 5), Lstm.of(5, 4), Lstm.of(4, 4),
        Dense.of(4, 3)));
  }

  private static Network network(String name) throws IOException {
    return PyTorchFile.read(Models.fixture(name + ".safetensors")).network();
  }

  @Test
  void weightsStayWhereTheFileWasReadTo() throws IOException {
    Safetensors file = Safetensors.read(Models.fixture("lstm.safetensors"));
    MemorySegment weights = PyTorchFile.read(file, Optional.empty()).weights()
        .tensor("1.reverse.recurrent").data();
    assertThat(weights.address()).isEqualTo(file.tensor("encoder.rnn.weight_hh_l1_reverse").data().address());
  }

  @ParameterizedTest
  @ValueSource(strings = {"lstm", "lstm_projected", "lstm_without_bias", "gru", "gru_without_bias", "rnn", "rnn_relu",
      "linear", "tagger", "batch_first", "classifier", "attention"})
  void whatIsWrittenIsReadAgain(String name) throws IOException {
    SavedModel model = PyTorchFile.read(Models.fixture(name + ".safetensors"));
    Path file = folder.resolve("copy.safetensors");
    PyTorchFile.write(file, model);
    Models.checkSame(model, PyTorchFile.read(file));
    assertThat(Files.exists(folder.resolve("copy.json")))
        .isEqualTo(List.of("rnn_relu", "linear", "batch_first", "classifier", "attention")
            .contains(name));
    PyTorchFile.write(file, model); // over itself
    Models.checkSame(model, PyTorchFile.read(file));
  }

  @Test
  void everyGraphThatPyTorchHasModulesForIsReadAgain() throws IOException {
    int kept = 0;
    for (int seed = 0; seed < 300; seed++) {
      Network network = RandomGraphs.network(seed);
      SavedModel model = new SavedModel(network, Weights.seeded(network, Initialisation.PYTORCH, seed),
          Signature.of(network, Order.TIME_MAJOR), "a test");
      Path file = folder.resolve(seed + ".safetensors");
      try {
        PyTorchFile.write(file, model);
      } catch (FormatException beyond) {
        assertThat(beyond).hasMessageContaining("Use another format");
        continue;
      }
      kept++;
      Models.checkSame(model, PyTorchFile.read(file));
    }
    assertThat(kept).isGreaterThan(30);
  }

  @Test
  void layersOfOneKindBecomeOneModule() throws IOException {
    Path file = folder.resolve("copy.safetensors");
    PyTorchFile.write(file, PyTorchFile.read(Models.fixture("tagger.safetensors")));
    assertThat(Safetensors.read(file).names()).containsExactly("embedding.weight", "lstm.weight_ih_l0",
        "lstm.weight_hh_l0", "lstm.bias_ih_l0", "lstm.bias_hh_l0", "lstm.weight_ih_l1", "lstm.weight_hh_l1",
        "lstm.bias_ih_l1", "lstm.bias_hh_l1", "linear.weight", "linear.bias");
  }

  @Test
  void jsonThatAModelNoLongerNeedsIsReplaced() throws IOException {
    Path file = folder.resolve("copy.safetensors");
    PyTorchFile.write(file, PyTorchFile.read(Models.fixture("rnn_relu.safetensors")));
    SavedModel other = PyTorchFile.read(Models.fixture("rnn.safetensors"));
    PyTorchFile.write(file, other);
    Models.checkSame(other, PyTorchFile.read(file));
  }

  @Test
  void jsonOfAnotherKindIsNotReplaced() throws IOException {
    Files.writeString(folder.resolve("copy.json"), "{\"hidden_size\": 64}");
    SavedModel model = PyTorchFile.read(Models.fixture("rnn.safetensors"));
    assertThatThrownBy(() -> PyTorchFile.write(folder.resolve("copy.safetensors"), model))
        .isInstanceOf(FormatException.class).hasMessageContainingAll("copy.json", "\"hidden_size\"", "move it away");
    assertThat(folder.resolve("copy.safetensors")).doesNotExist();
  }
}
