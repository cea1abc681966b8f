package dev.carousel.formats.safetensors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.carousel.Dense;
import dev.carousel.Embedding;
import dev.carousel.Initialisation;
import dev.carousel.Lstm;
import dev.carousel.Network;
import dev.carousel.Weights;
import dev.carousel.formats.damage.Mutations;
import dev.carousel.formats.damage.TrialRun;
import dev.carousel.formats.data.FormatException;
import dev.carousel.formats.data.NdArray;
import dev.carousel.formats.model.RandomGraphs;
import dev.carousel.formats.model.RandomNetworks;
import dev.carousel.formats.model.SavedModel;
import dev.carousel.formats.model.Signature;
import dev.carousel.spi.Order;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Our own file, which must give back just what was given to it, or nothing. */
final class CarouselFileTest {
  private static final Network NETWORK = Network.of(Embedding.of(7, 3), Lstm.of(3, 2).bidirectional().clip(3),
      Dense.of(4, 2).softmax());

  @TempDir
  private Path folder;

  private static SavedModel model(Network network, Signature signature) {
    return new SavedModel(network, Weights.seeded(network, Initialisation.PYTORCH, 3), signature, "a test");
  }

  private static SavedModel model() {
    return model(NETWORK, Signature.of(NETWORK, Order.BATCH_MAJOR));
  }

  private Path written() throws IOException {
    Path file = folder.resolve("a.carousel");
    CarouselFile.write(file, model());
    return file;
  }

  @Test
  void everyModelComesBackAsItWas() throws IOException {
    Path file = folder.resolve("a.carousel");
    for (int seed = 0; seed < 120; seed++) {
      Network network = seed % 2 == 0 ? RandomNetworks.network(seed) : RandomGraphs.network(seed);
      SavedModel model = model(network, RandomNetworks.signature(seed, network));
      CarouselFile.write(file, model);
      SavedModel read = CarouselFile.read(file);
      Models.checkSame(model, read);
      assertThat(read.origin()).isEqualTo("Carousel's own file, version 1");
    }
  }

  @Test
  void everyBitThatIsFlippedIsFoundOrMeansNothing() throws IOException {
    byte[] whole = Files.readAllBytes(written());
    Path file = folder.resolve("flipped.carousel");
    for (int bit = 0; bit < 8 * whole.length; bit += 7) {
      byte[] flipped = whole.clone();
      flipped[bit / 8] ^= (byte) (1 << bit % 8);
      Files.write(file, flipped);
      SavedModel read;
      try {
        read = CarouselFile.read(file);
      } catch (FormatException _) {
        continue;
      }
      Models.checkSame(model(), read);
    }
  }

  @Test
  void aDamagedTensorIsRefused() throws IOException {
    Path file = written();
    byte[] bytes = Files.readAllBytes(file);
    bytes[bytes.length - 2] ^= 1;
    Files.write(file, bytes);
    assertThatThrownBy(() -> CarouselFile.read(file)).isInstanceOf(FormatException.class)
        .hasMessageContainingAll(file.toString(), "has the checksum", "damaged");
  }

  @Test
  void tensorsThatHaveChangedPlacesAreRefused() throws IOException {
    Path file = written();
    Safetensors read = Safetensors.read(file);
    Map<String, NdArray> swapped = new LinkedHashMap<>();
    for (String name : read.names()) {
      swapped.put(name.contains("forward") ? name.replace("forward", "reverse") : name.replace("reverse", "forward"),
          read.tensor(name));
    }
    Safetensors.write(file, swapped, read.metadata());
    assertThatThrownBy(() -> CarouselFile.read(file)).isInstanceOf(FormatException.class)
        .hasMessageContaining("checksum");
  }

  @Test
  void aLaterVersionIsRefused() throws IOException {
    Path file = written();
    String text = Files.readString(file, StandardCharsets.ISO_8859_1).replace("version\\\":1", "version\\\":2");
    Files.writeString(file, text, StandardCharsets.ISO_8859_1);
    assertThatThrownBy(() -> CarouselFile.read(file)).isInstanceOf(FormatException.class)
        .hasMessageContainingAll("version 2 of Carousel's files, and version 1 is read", "later Carousel");
  }

  @Test
  void itIsToldFromOthers() throws IOException {
    assertThat(CarouselFile.isOne(Safetensors.read(written()))).isTrue();
    Path other = Models.fixture("lstm.safetensors");
    assertThat(CarouselFile.isOne(Safetensors.read(other))).isFalse();
    assertThatThrownBy(() -> CarouselFile.read(other)).isInstanceOf(FormatException.class)
        .hasMessageContaining("not one of Carousel's own");
  }

  @Test
  void damagedFilesAreRefused() throws IOException {
    SavedModel model = model();
    Mutations.survive(folder, "damaged.carousel", Files.readAllBytes(written()),
        file -> Models.checkSame(model, CarouselFile.read(file)));
  }

  @ParameterizedTest
  @ValueSource(ints = {-1, 1, 2, 3, 5, 8})
  void whatSaysSomethingElseUnderARightChecksumIsRefusedOrRuns(int seed) throws IOException {
    Network network = seed < 0 ? NETWORK : RandomNetworks.network(seed);
    Path file = folder.resolve(seed + ".safetensors");
    CarouselFile.write(file, model(network, seed < 0
        ? Signature.of(network, Order.BATCH_MAJOR)
        : RandomNetworks.signature(seed, network)));
    Mutations.survive(folder, "said-" + seed + ".safetensors", Files.readAllBytes(file), HeaderDamage::apply,
        damaged -> TrialRun.of(CarouselFile.read(damaged)));
  }
}
