package dev.carousel.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The race's command line. */
final class OptionsTest {
  @Test
  void withoutOptionsEverythingIsRaced() {
    Options options = Options.parse();
    assertThat(options.shapes()).contains(Path.of("bench/shapes/headline.txt"), Path.of("bench/shapes/batch.txt"))
        .doesNotContain(Path.of("bench/shapes/tiny.txt"));
    assertThat(options.only()).isEmpty();
    assertThat(options.threads()).containsExactly(1, 2);
    assertThat(options.forks()).isGreaterThanOrEqualTo(3);
    assertThat(options.out().toString()).startsWith("bench/target/race-2");
    assertThat(options.machine()).isEmpty();
  }

  @Test
  void theQuickRaceHasTheHeadlineShapesAndTwoPeers() {
    Options options = Options.parse("--quick");
    assertThat(options.shapes()).containsExactly(Path.of("bench/shapes/headline.txt"));
    assertThat(options.engines()).containsExactly("cpu/fused", "onnxruntime", "pytorch");
    assertThat(options.threads()).containsExactly(1, 2);
  }

  @Test
  void anOptionOverridesAPresetWhereverItStands() {
    assertThat(Options.parse("--quick", "--threads", "4").threads()).containsExactly(4);
    assertThat(Options.parse("--threads", "4", "--quick", "--seconds", "2"))
        .satisfies(options -> assertThat(options.threads()).containsExactly(4))
        .satisfies(options -> assertThat(options.seconds()).isEqualTo(2));
  }

  @Test
  void aForkIsAskedForTheFilesShapesWithTheSameEnginesAndThreads() {
    Options options = Options.parse("--engines", "cpu/fused,onnxruntime", "--threads", "1,4", "--seconds", "0.25");
    Shape shape = Shape.parse("x lstm 1 1 1 1 1 1");
    Options fork = Options.parse(
        options.forFork(new ShapeFile(Path.of("some", "file.txt"), List.of(shape))).toArray(String[]::new));
    assertThat(fork.shapes()).containsExactly(Path.of("some", "file.txt"));
    assertThat(fork.only()).containsExactly("x");
    assertThat(fork).extracting(Options::engines, Options::threads, Options::seconds, Options::forks)
        .containsExactly(options.engines(), options.threads(), options.seconds(), options.forks());
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', textBlock = """
      --speed 3         | --speed is no option.
      --threads         | --threads was to be followed by a value.
      --threads 1,two   | --threads takes numbers, and 'two' is none.
      --threads 0       | --forks and --threads are at least 1, --seconds above 0 and below 3600.
      --forks 0         | --forks and --threads are at least 1, --seconds above 0 and below 3600.
      --seconds NaN     | --forks and --threads are at least 1, --seconds above 0 and below 3600.
      """)
  void aWrongCommandIsRefusedInWords(String words, String message) {
    assertThatThrownBy(() -> Options.parse(words.split(" ", -1))).isInstanceOf(IllegalArgumentException.class)
        .hasMessage(message);
  }
}
