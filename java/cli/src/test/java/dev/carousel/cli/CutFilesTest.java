package dev.carousel.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.carousel.Devices;
import dev.carousel.Initialisation;
import dev.carousel.Lstm;
import dev.carousel.Model;
import dev.carousel.Network;
import dev.carousel.Predictor;
import dev.carousel.Tensor;
import dev.carousel.Weights;
import dev.carousel.formats.ModelFiles;
import dev.carousel.formats.data.MappedFile;
import dev.carousel.formats.data.NdArray;
import dev.carousel.formats.model.SavedModel;
import dev.carousel.formats.model.Signature;
import dev.carousel.formats.npy.Npy;
import dev.carousel.spi.Device;
import dev.carousel.spi.Order;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Files that another process cuts while the command or a device still looks at them: the JVM goes on. */
final class CutFilesTest {
  private static final int INPUTS = 32;
  private static final int UNITS = 128;
  private static final Network NETWORK = Network.of(Lstm.of(INPUTS, UNITS));
  private static final Weights WEIGHTS = Weights.seeded(NETWORK, Initialisation.PYTORCH, 1);

  @TempDir
  private Path folder;

  private Path model;

  @BeforeEach
  void aModel() throws IOException {
    assumeThat(Path.of("/proc/self/maps")).as("Linux, where a file can be cut while it is mapped").exists();
    model = folder.resolve("model.safetensors");
    ModelFiles.write(model, new SavedModel(NETWORK, WEIGHTS, Signature.of(NETWORK, Order.TIME_MAJOR), "a test"));
  }

  private static Stream<String> devices() {
    return Devices.list().stream().filter(Device::available).map(Device::id);
  }

  private static Process cut(Path file, double seconds) throws IOException {
    return new ProcessBuilder("sh", "-c", "sleep " + seconds + "; exec truncate -s 0 \"$0\"", file.toString())
        .inheritIO().start();
  }

  private static float[] results(Network network, Weights weights, String device) {
    try (Model compiled = Model.compile(network, weights, Devices.byId(device));
        Predictor predictor = compiled.newPredictor(1, 1)) {
      return predictor.predict(new float[INPUTS], 1, 1);
    }
  }

  @ParameterizedTest
  @MethodSource("devices")
  void aModelThatWasReadOutlivesItsFile(String device) throws Exception {
    SavedModel saved = ModelFiles.read(model);
    assertThat(cut(model, 0).waitFor()).isZero();
    assertThat(results(saved.network(), saved.weights(), device)).isEqualTo(results(NETWORK, WEIGHTS, device));
  }

  /** Back ends copy in Java what their native code packs. */
  @ParameterizedTest
  @MethodSource("devices")
  void weightsThatACallerMapsAndLosesAreAnIOException(String device) throws Exception {
    Tensor.Shape shape = NETWORK.tensors().getFirst();
    Path file = folder.resolve("weights.npy");
    Npy.write(file, NdArray.of(List.of((long) shape.rows(), (long) shape.columns()),
        new float[shape.rows() * shape.columns()]));
    try (Arena arena = Arena.ofConfined()) {
      Weights mapped = WEIGHTS.with(shape.name(),
          new Tensor(shape.rows(), shape.columns(), Npy.map(file, arena).array().floats()));
      assertThat(cut(file, 0).waitFor()).isZero();
      assertThatThrownBy(() -> MappedFile.reading("x", () -> results(NETWORK, mapped, device)))
          .isInstanceOf(IOException.class).hasMessageContaining("A part of x could not be reached in its file");
    }
  }

  @Test
  void anInputThatIsCutAtAnyMomentIsALine() throws Exception {
    Path input = folder.resolve("x.npy");
    for (int i = 0; i < 10; i++) {
      Npy.write(input, NdArray.of(List.of(2000L, 8L, (long) INPUTS), new float[2000 * 8 * INPUTS]));
      Process other = cut(input, 0.004 * i);
      Call call = Call.of("run", model, "--input", input, "--output", folder.resolve("y.npy"), "--device", "reference");
      other.waitFor();
      if (call.status() != 0) {
        assertThat(call.errors()).startsWith("carousel: ").doesNotContain("This should not have happened");
      }
      Files.delete(input);
    }
  }
}
