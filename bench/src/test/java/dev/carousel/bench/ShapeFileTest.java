package dev.carousel.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Files of shapes. */
final class ShapeFileTest {
  private static final Path ROOT = Path.of(System.getProperty("carousel.root"));
  private static final Path MODELS = ROOT.resolve("bench/shapes/models.txt"); // of a measurement of its own

  @TestFactory
  Stream<DynamicTest> eachFileOfTheRaceCanBeRead() {
    return Stream.concat(Options.parse().shapes().stream(), Options.parse("--smoke").shapes().stream())
        .map(path -> DynamicTest.dynamicTest(path.toString(),
            () -> assertThat(ShapeFile.read(ROOT.resolve(path)).shapes()).hasSizeGreaterThan(5)));
  }

  @Test
  void everyFileOfTheFolderBelongsToTheRaceOrToTheSmokeRace() throws IOException {
    List<Path> raced = Stream.concat(Options.parse().shapes().stream(), Options.parse("--smoke").shapes().stream())
        .map(ROOT::resolve).toList();
    try (Stream<Path> files = Files.list(ROOT.resolve("bench/shapes"))) {
      assertThat(files.filter(Files::isRegularFile).filter(file -> !file.equals(MODELS)))
          .containsExactlyInAnyOrderElementsOf(raced);
    }
  }

  @Test
  void everyModelOfTheFileIsWrittenForOnnxruntime(@TempDir Path folder) throws IOException {
    List<WholeModel> models = WholeModel.read(MODELS, folder);
    assertThat(models).extracting(WholeModel::name).contains("classifier", "tagger", "autoencoder");
    assertThat(models).allSatisfy(model -> assertThat(model.onnx()).isNotEmptyFile());
  }

  @Test
  void aLineIsAShapeAndACommentIsNot(@TempDir Path folder) throws IOException {
    Path file = folder.resolve("some.txt");
    Files.writeString(file, "# a comment\n\nx-1 gru 7 6 5 4 3 2 mean=0.5  # another\n y lstm 1 2 3 4 5 1\n");
    ShapeFile read = ShapeFile.read(file);
    assertThat(read.name()).isEqualTo("some");
    assertThat(read.shapes()).containsExactly(new Shape("x-1", Cell.GRU, 7, 6, 5, 4, 3, 2, 0.5),
        new Shape("y", Cell.LSTM, 1, 2, 3, 4, 5, 1, 1));
    assertThat(read.only(List.of("y")).shapes()).extracting(Shape::name).containsExactly("y");
    assertThat(read.only(List.of()).shapes()).hasSize(2);
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', textBlock = """
      x lstm 1 1 1 1 1           | A shape is
      x lstm 1 1 1 1 1 1 0.5     | A shape is
      x rnn 1 1 1 1 1 1          | A cell is lstm or gru
      x lstm 1 1 1 1 1 one       | A shape's sizes are numbers
      x lstm 0 1 1 1 1 1         | is out of range
      x lstm 1 1 1 1 1 3         | is out of range
      x lstm 1 1 1 1 1 1 mean=2  | is out of range
      ../x lstm 1 1 1 1 1 1      | A shape's name has letters
      """)
  void aWrongLineIsRefusedInWords(String line, String message) {
    assertThatThrownBy(() -> Shape.parse(line)).isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(message);
  }

  @Test
  void twoShapesOfANameAreRefused() {
    Shape shape = Shape.parse("x lstm 1 1 1 1 1 1");
    assertThatThrownBy(() -> new ShapeFile(Path.of("some.txt"), List.of(shape, shape)))
        .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("two shapes of the name x");
  }

  @Test
  void operationsCountBothProductsOfEachLayerAndDirection() {
    assertThat(Shape.parse("B lstm 64 32 512 512 1 1").operations(64 * 32)).isEqualTo(2L * 64 * 32 * 1024 * 4 * 512);
    long first = 2L * 3 * (5 + 4) * 3 * 4 * 2;
    long second = 2L * 3 * (8 + 4) * 3 * 4 * 2;
    assertThat(Shape.parse("x gru 3 1 5 4 2 2").operations(3)).isEqualTo(first + second);
  }
}
