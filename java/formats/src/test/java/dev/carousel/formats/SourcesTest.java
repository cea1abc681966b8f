package dev.carousel.formats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.carousel.Initialisation;
import dev.carousel.Network;
import dev.carousel.Tensor;
import dev.carousel.Weights;
import dev.carousel.formats.damage.ByteDamage;
import dev.carousel.formats.damage.Mutations;
import dev.carousel.formats.data.FormatException;
import dev.carousel.formats.data.MappedFile;
import dev.carousel.formats.model.RandomNetworks;
import dev.carousel.formats.model.SavedModel;
import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A model is the same, and is refused for the same, wherever its bytes come from. */
final class SourcesTest {
  private static final Path FOLDER = Path.of("src/test/resources/dev/carousel/formats");
  private static final Path BEHIND = Path.of("dev/carousel/formats");

  @TempDir
  private static Path folder;

  /** What reading gives: a model, or why there is none. */
  private sealed interface Answer {
    record Read(SavedModel model) implements Answer {}

    record Refused(IOException why) implements Answer {}

    @FunctionalInterface
    interface Reading {
      SavedModel read() throws IOException;
    }

    static Answer of(Reading reading) {
      try {
        return new Read(reading.read());
      } catch (IOException why) {
        return new Refused(why);
      }
    }
  }

  /** The test files of every format, taken and refused, and some of our own. */
  private static List<Path> files() throws IOException {
    for (int seed = 0; seed < 5; seed++) {
      Path file = folder.resolve("own-" + seed + ".safetensors");
      Network network = RandomNetworks.network(seed);
      if (!Files.exists(file)) {
        ModelFiles.write(file, new SavedModel(network, Weights.seeded(network, Initialisation.PYTORCH, seed),
            RandomNetworks.signature(seed, network), "a test"));
      }
    }
    try (Stream<Path> given = Files.walk(FOLDER); Stream<Path> own = Files.list(folder)) {
      return Stream.concat(given, own.filter(file -> file.getFileName().toString().startsWith("own-")))
          .filter(file -> file.toString().matches(".*\\.(onnx|safetensors|keras|h5)")).sorted().toList();
    }
  }

  @Test
  void everyFormatIsAmongThem() throws IOException {
    Map<String, Long> origins = files().stream().map(file -> Answer.of(() -> ModelFiles.read(file)))
        .collect(Collectors.groupingBy(answer -> answer instanceof Answer.Read(SavedModel model)
            ? model.origin().replaceFirst("[^A-Za-z' ].*", "").strip()
            : "", Collectors.counting()));
    assertThat(origins).containsOnlyKeys("", "ONNX", "Keras", "safetensors with PyTorch's names",
        "Carousel's own file");
    assertThat(origins.values()).allMatch(count -> count >= 5);
  }

  @TestFactory
  Stream<DynamicTest> bytesAreReadAsAFileThatStandsAlone() throws IOException {
    return files().stream().map(file -> DynamicTest.dynamicTest(file.toString(), () -> {
      Path alone = Files.copy(file, Files.createTempDirectory(folder, "alone").resolve(file.getFileName()));
      Answer expected = Answer.of(() -> ModelFiles.read(alone));
      byte[] bytes = Files.readAllBytes(file);
      for (Way way : Way.values()) {
        checkSame(way.name(), expected, Answer.of(() -> way.read(bytes, alone.toString())));
      }
    }));
  }

  @TestFactory
  Stream<DynamicTest> resourcesOfTheClassPathAreRead() throws IOException {
    return files().stream().filter(file -> file.startsWith(FOLDER)).map(file -> DynamicTest.dynamicTest(file.toString(),
        () -> {
          String name = FOLDER.relativize(file).toString();
          byte[] bytes = Files.readAllBytes(file);
          try (InputStream resource = Objects.requireNonNull(SourcesTest.class.getResourceAsStream(name))) {
            checkSame(name, Answer.of(() -> Way.HEAP.read(bytes, name)),
                Answer.of(() -> ModelFiles.read(resource, name)));
          }
        }));
  }

  /** With all that stands beside them: JSON, and ONNX's external data. */
  @TestFactory
  Stream<DynamicTest> filesInAZipFileAreRead() throws IOException {
    Path zip = folder.resolve("models.zip");
    try (FileSystem system = FileSystems.newFileSystem(zip, Map.of("create", "true"));
        Stream<Path> all = Files.walk(FOLDER)) {
      Files.createDirectories(system.getPath(BEHIND.toString()));
      for (Path file : all.filter(file -> !file.equals(FOLDER)).toList()) {
        Files.copy(file, inside(system, file));
      }
    }
    return files().stream().filter(file -> file.startsWith(FOLDER)).map(file -> DynamicTest.dynamicTest(file.toString(),
        () -> {
          try (FileSystem system = FileSystems.newFileSystem(zip)) {
            Path inside = inside(system, file);
            checkSame("zip", Answer.of(() -> ModelFiles.read(file)), Answer.of(() -> ModelFiles.read(inside)));
            assertThat(ModelFiles.weightInputs(inside)).isEqualTo(ModelFiles.weightInputs(file));
          }
        }));
  }

  /** What its file system unpacks may fail at any byte, and end early or late. */
  @Test
  void aDamagedZipFileIsAnIOException() throws IOException {
    Path zip = folder.resolve("damaged.zip");
    try (FileSystem system = FileSystems.newFileSystem(zip, Map.of("create", "true"))) {
      Files.copy(files().getFirst(), system.getPath("model"));
    }
    byte[] whole = Files.readAllBytes(zip);
    int failed = 0;
    for (int i = 1; i < 50; i++) {
      byte[] damaged = whole.clone();
      damaged[(int) ((long) i * whole.length / 50)] ^= 0x55;
      Files.write(zip, damaged);
      try (FileSystem system = FileSystems.newFileSystem(zip)) {
        ModelFiles.read(system.getPath("model"));
      } catch (IOException failure) {
        failed += String.valueOf(failure.getMessage()).startsWith("model could not be read to its end") ? 1 : 0;
      }
    }
    assertThat(failed).isPositive();
  }

  private static Path inside(FileSystem system, Path file) {
    return system.getPath(BEHIND.resolve(FOLDER.relativize(file)).toString());
  }

  /** What is said may differ where it is of what stands beside a file and not beside bytes. */
  private static void checkSame(String way, Answer expected, Answer actual) {
    switch (expected) {
      case Answer.Read(SavedModel model) -> {
        assertThat(actual).as(way).isInstanceOf(Answer.Read.class);
        checkSame(way, model, ((Answer.Read) actual).model());
      }
      case Answer.Refused(IOException why) -> {
        assertThat(actual).as(way).isInstanceOf(Answer.Refused.class);
        IOException other = ((Answer.Refused) actual).why();
        assertThat(other).as(way).hasSameClassAs(why);
        String said = String.valueOf(other.getMessage());
        if (!said.contains("nothing beside it")) {
          assertThat(said.replace(BEHIND.toString(), FOLDER.toString())).as(way)
              .isEqualTo(why.getMessage());
        }
      }
    }
  }

  private static void checkSame(String way, SavedModel expected, SavedModel actual) {
    assertThat(actual.network()).as(way).isEqualTo(expected.network());
    assertThat(actual.signature()).as(way).isEqualTo(expected.signature());
    assertThat(actual.origin()).as(way).isEqualTo(expected.origin());
    assertThat(actual.weights().names()).as(way).isEqualTo(expected.weights().names());
    for (String name : expected.weights().names()) {
      Tensor left = expected.weights().tensor(name);
      Tensor right = actual.weights().tensor(name);
      assertThat(right.rows()).as("%s, %s", way, name).isEqualTo(left.rows());
      assertThat(left.data().mismatch(right.data())).as("%s, %s", way, name).isEqualTo(-1);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"safetensors/tagger.safetensors", "keras/gru_before.h5", "keras/ordered_groups.keras",
      "keras/numbered_alone.weights.h5", "onnx/graphs/lstm_everything.onnx", "own-1.safetensors"})
  void damageIsRefusedForTheSameReason(String name, @TempDir Path place) throws IOException {
    Path file = files().stream().filter(path -> path.endsWith(name)).findFirst().orElseThrow();
    Mutations.survive(place, file.getFileName().toString(), Files.readAllBytes(file), ByteDamage::apply, damaged -> {
      Answer expected = Answer.of(() -> ModelFiles.read(damaged));
      byte[] bytes = Files.readAllBytes(damaged);
      for (Way way : List.of(Way.READ_ONLY_AT_AN_ODD_ADDRESS, Way.STREAM)) {
        checkSame(way.name(), expected, Answer.of(() -> way.read(bytes, damaged.toString())));
      }
      if (expected instanceof Answer.Refused(IOException why)) {
        throw why;
      }
    });
  }

  @ParameterizedTest
  @ValueSource(strings = {"onnx/graphs/weights_external.onnx", "keras/ambiguous_alone.weights.h5",
      "safetensors/classifier.safetensors"})
  void whatStandsBesideAFileIsAskedFor(String name) throws IOException {
    byte[] bytes = Files.readAllBytes(FOLDER.resolve(name));
    assertThatThrownBy(() -> Way.HEAP.read(bytes, "the model")).isInstanceOf(FormatException.class)
        .hasMessageContainingAll("beside the ", "path", "what is given as bytes has nothing beside it");
  }

  @Test
  void memoryThatIsEmptyOrTooLargeIsRefused() throws IOException {
    assertThatThrownBy(() -> ModelFiles.read(MemorySegment.ofArray(new byte[0]), "the model"))
        .isInstanceOf(FormatException.class).hasMessage("the model is empty.");
    Path sparse = folder.resolve("sparse");
    try (FileChannel channel = FileChannel.open(sparse, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      channel.write(ByteBuffer.allocate(1), (1L << 42) - 1); // of which the disk keeps a block
    }
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment large = MappedFile.map(sparse, arena);
      assertThatThrownBy(() -> ModelFiles.read(large, "the model")).isInstanceOf(IOException.class)
          .hasMessageStartingWith("the model has 4398046511104 bytes, more than there is memory for. Raise");
    }
  }
}
