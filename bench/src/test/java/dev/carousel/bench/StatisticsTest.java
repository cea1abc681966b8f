package dev.carousel.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Medians, quantiles and tails. */
final class StatisticsTest {
  @Test
  void aMedianIsTheMiddleNumberOrLiesHalfwayBetweenTwo() {
    assertThat(Statistics.median(List.of(9.0, 1.0, 2.0))).isEqualTo(2);
    assertThat(Statistics.median(List.of(9.0, 1.0, 2.0, 4.0))).isEqualTo(3);
    assertThat(Statistics.median(List.of(7.0))).isEqualTo(7);
    assertThat(Statistics.median(List.of())).isNaN();
  }

  @Test
  void aQuantileLiesOnALineBetweenItsNeighbours() {
    List<Double> numbers = List.of(10.0, 0.0, 20.0, 30.0, 40.0);
    assertThat(Statistics.quantile(numbers, 0)).isEqualTo(0);
    assertThat(Statistics.quantile(numbers, 0.25)).isEqualTo(10);
    assertThat(Statistics.quantile(numbers, 0.9)).isEqualTo(36);
    assertThat(Statistics.quantile(numbers, 1)).isEqualTo(40);
  }

  @Test
  void aTailIsKnownWhereFiveNumbersLieBeyondIt() {
    List<Double> numbers = IntStream.range(0, 500).mapToObj(i -> (double) i).toList();
    assertThat(Statistics.tail(numbers, 0.99)).isEqualTo(0.99 * 499);
    assertThat(Statistics.tail(numbers, 0.999)).isNaN();
    assertThat(Statistics.tail(Collections.nCopies(49, 1.0), 0.9)).isNaN();
    assertThat(Statistics.tail(Collections.nCopies(50, 1.0), 0.9)).isEqualTo(1);
  }
}
