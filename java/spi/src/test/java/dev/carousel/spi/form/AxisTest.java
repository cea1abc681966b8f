package dev.carousel.spi.form;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What steps count: two chains of windows that leave the same steps leave the same axis. */
final class AxisTest {
  private static final int LONGEST = 60;
  private static final List<Window> WINDOWS = windows();

  /** A chain of windows, its axis, and the steps that it leaves of each number, 0 where a window before leaves none. */
  @SuppressWarnings("ArrayRecordComponent") // made here, and never compared
  private record Chain(List<Window> windows, Axis axis, int[] steps) {
    static Chain of(Axis from, List<Window> windows) {
      Axis axis = from;
      for (Window window : windows) {
        axis = window.over(axis);
      }
      return new Chain(windows, axis, IntStream.rangeClosed(0, LONGEST).map(from::steps).map(steps -> {
        int left = steps;
        for (Window window : windows) {
          left = window.results(left);
        }
        return left;
      }).toArray());
    }

    /** Whether both leave as many steps, wherever a run would not be refused. */
    boolean alike(Chain other) {
      return IntStream.rangeClosed(0, LONGEST)
          .allMatch(given -> steps[given] == 0 || other.steps[given] == 0 || steps[given] == other.steps[given]);
    }
  }

  private static List<Window> windows() {
    List<Window> windows = new ArrayList<>();
    for (int width = 1; width <= 3; width++) {
      for (int stride = 1; stride <= 3; stride++) {
        Window plain = Window.of(width).stride(stride);
        windows.addAll(List.of(plain, plain.dilation(2), plain.padSame(), plain.causal(), plain.padding(1, 2)));
      }
    }
    return windows.stream().distinct().toList();
  }

  private static List<Chain> chains(Axis from) {
    List<Chain> chains = new ArrayList<>();
    chains.add(Chain.of(from, List.of()));
    for (Window first : WINDOWS) {
      chains.add(Chain.of(from, List.of(first)));
      WINDOWS.forEach(second -> chains.add(Chain.of(from, List.of(first, second))));
    }
    return chains;
  }

  @Test
  void anAxisHasTheStepsThatItsWindowsLeave() {
    for (Chain chain : chains(Axis.RUN)) {
      for (int given = 0; given <= LONGEST; given++) {
        if (chain.steps[given] > 0 || given == 0) {
          assertThat(chain.axis.steps(given)).as("%s of %d", chain, given).isEqualTo(chain.steps[given]);
        }
      }
    }
  }

  @Test
  void theSameStepsAreTheSameAxis() {
    List<Chain> chains = chains(Axis.RUN);
    for (Chain one : chains) {
      for (Chain other : chains) {
        if (one.axis.equals(other.axis) != one.alike(other)) {
          throw new AssertionError(one + " and " + other);
        }
      }
    }
  }

  @Test
  void windowsOverAFixedNumberLeaveAFixedNumber() {
    for (Chain chain : chains(new Axis.Fixed(7))) {
      if (chain.steps[1] > 0) {
        assertThat(chain.axis).isEqualTo(new Axis.Fixed(chain.steps[1]));
      }
    }
    Axis none = Window.of(9).over(new Axis.Fixed(7));
    assertThat(none.steps(3)).isZero();
    assertThat(new Axis.Fixed(7).steps(0)).isZero();
  }

  /** One order of sequences, from long to short, is that of all axes. */
  @Test
  void longerSequencesNeverHaveFewerSteps() {
    for (Chain chain : chains(Axis.RUN)) {
      for (int given = 0; given < LONGEST; given++) {
        assertThat(chain.axis.steps(given + 1)).isGreaterThanOrEqualTo(chain.axis.steps(given));
      }
    }
  }

  @Test
  void whatDoesNotFitAnIntStaysAChain() {
    Axis far = Window.of(1).stride(1 << 20).over(Window.of(1).stride(1 << 20).over(Axis.RUN));
    assertThat(far.steps(Integer.MAX_VALUE)).isEqualTo(1);
    Window padded = Window.of(1).padding(1 << 29, 1 << 29);
    assertThat(padded.over(padded.over(padded.over(Axis.RUN))).steps(1 << 29)).isPositive();
    assertThatIllegalArgumentException().isThrownBy(() -> new Axis.Fixed(0)).withMessageContaining("at least 1");
    assertThatIllegalArgumentException().isThrownBy(() -> new Axis.Derived(Axis.RUN, 0, 0))
        .withMessageContaining("stride of 0");
  }
}
