package dev.carousel.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class MeasureOptionsTest {
  @Test
  void whatIsLeftOutIsTheMeasurementsOwn() {
    MeasureOptions options = MeasureOptions.parse(List.of());
    assertThat(options.engines("cpu/fused", "pytorch")).containsExactly("cpu/fused", "pytorch");
    assertThat(options.seconds(60)).isEqualTo(60);
    assertThat(options.out()).isEmpty();
  }

  @Test
  void whatIsGivenCounts() {
    MeasureOptions options = MeasureOptions.parse(List.of("--engines", "reference,onednn", "--seconds", "0.5", "--only",
        "A,G", "--threads", "4", "--repeats", "3", "--calls", "10000000000", "--shapes", "s.txt", "--out", "o"));
    assertThat(options).isEqualTo(new MeasureOptions(List.of("reference", "onednn"), Path.of("s.txt"),
        List.of("A", "G"), List.of(4), 0.5, 3, 10_000_000_000L, Optional.of(Path.of("o"))));
  }

  @Test
  void anUnknownOrUnfinishedOptionIsRefused() {
    assertThatIllegalArgumentException().isThrownBy(() -> MeasureOptions.parse(List.of("--fast", "yes")))
        .withMessageContaining("--fast");
    assertThatIllegalArgumentException().isThrownBy(() -> MeasureOptions.parse(List.of("--out")))
        .withMessageContaining("--out");
  }

  @Test
  void twoBuildsOfLibtorchAreRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> MeasureOptions.parse(List.of("--engines", "cpu/fused,djl,pytorch")))
        .withMessageContaining("two runs");
  }
}
