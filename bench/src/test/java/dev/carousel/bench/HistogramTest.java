package dev.carousel.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

final class HistogramTest {
  private static Histogram of(long... values) {
    Histogram histogram = new Histogram();
    LongStream.of(values).forEach(histogram::add);
    return histogram;
  }

  @Test
  void smallNumbersAreKeptAsTheyAre() {
    Histogram histogram = of(LongStream.range(0, 128).toArray());
    for (int i = 0; i < 128; i++) {
      assertThat(histogram.quantile((i + 1) / 128.0)).isEqualTo(i);
    }
  }

  @Test
  void aQuantileIsRoundedUpByAtMostOneSixtyFourth() {
    SplittableRandom random = new SplittableRandom(3);
    for (int i = 0; i < 10_000; i++) {
      long value = random.nextLong() >>> random.nextInt(2, 64); // at most 2 to the power of 62
      assertThat(of(value, Long.MAX_VALUE).quantile(0.5)).isBetween(value, value + value / 64);
    }
  }

  @Test
  void noQuantileExceedsTheLargest() {
    Histogram histogram = of(1000, 1001, 1_000_003);
    assertThat(histogram.quantile(1)).isEqualTo(1_000_003);
    assertThat(histogram.largest()).isEqualTo(1_000_003);
  }

  @Test
  void quantilesCountFromTheSmallest() {
    Histogram histogram = of(LongStream.rangeClosed(1, 100).toArray());
    assertThat(histogram.quantile(0.5)).isEqualTo(50);
    assertThat(histogram.quantile(0.99)).isEqualTo(99);
    assertThat(histogram.total()).isEqualTo(100);
    assertThat(histogram.sum()).isEqualTo(5050);
  }
}
