package dev.carousel.spi.form;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Windows against what they are: begins, one stride after the other, as long as a window fits into what is padded. */
final class WindowTest {
  private static final int LONGEST = 20;

  @Test
  void thereIsAResultWhereverAWindowFits() {
    for (Window plain : plain()) {
      for (int before = 0; before <= 4; before++) {
        for (int after = 0; after <= 4; after++) {
          Window window = plain.padding(before, after);
          for (int steps = 1; steps <= LONGEST; steps++) {
            check(window, steps, begins(plain, steps, before, after));
          }
        }
      }
    }
  }

  /** As TensorFlow has it: a result for each stride begun, and half of what is missing before, the odd one behind. */
  @Test
  void sameIsAResultForEachStrideBegun() {
    for (Window plain : plain()) {
      for (int steps = 1; steps <= LONGEST; steps++) {
        int results = (steps + plain.stride() - 1) / plain.stride();
        int missing = Math.max(0, (results - 1) * plain.stride() + plain.reach() - steps);
        List<Integer> begins = begins(plain, steps, missing / 2, missing - missing / 2);
        check(plain.padSame(), steps, begins.subList(0, results));
      }
    }
  }

  /** The steps at which windows begin. */
  private static List<Integer> begins(Window plain, int steps, int before, int after) {
    List<Integer> begins = new ArrayList<>();
    for (int begin = -before; begin + plain.dilation() * (plain.width() - 1) < steps + after; begin += plain.stride()) {
      begins.add(begin);
    }
    return begins;
  }

  private static void check(Window window, int steps, List<Integer> begins) {
    assertThat(window.results(steps)).as("%s over %d steps", window, steps).isEqualTo(begins.size());
    assertThat(window.over(Axis.RUN).steps(steps)).isEqualTo(begins.size());
    for (int result = 0; result < begins.size(); result++) {
      assertThat(window.begin(result, steps)).as("%s over %d steps", window, steps).isEqualTo(begins.get(result));
    }
  }

  private static List<Window> plain() {
    List<Window> windows = new ArrayList<>();
    for (int width = 1; width <= 5; width++) {
      for (int stride = 1; stride <= 4; stride++) {
        for (int dilation = 1; dilation <= 3; dilation++) {
          windows.add(Window.of(width).stride(stride).dilation(dilation));
        }
      }
    }
    return windows;
  }

  @Test
  void ofNoStepsThereAreNoResults() {
    assertThat(Window.of(2).padding(5, 5).results(0)).isZero();
    assertThat(Window.of(2).padSame().results(0)).isZero();
  }

  @Test
  void oneThatEndsWithItsStepStreams() {
    assertThat(Window.of(4).dilation(3).causal().streams()).isTrue();
    assertThat(Window.of(4).dilation(3).causal().begin(0, 9)).isEqualTo(-9);
    assertThat(Window.of(1).streams()).isTrue();
    assertThat(Window.of(1).padSame().streams()).isTrue();
    assertThat(Window.of(2).causal().stride(2).streams()).isFalse();
    assertThat(Window.of(3).padSame().streams()).isFalse();
    assertThat(Window.of(3).padding(2, 1).streams()).isFalse();
    assertThat(Window.of(3).streams()).isFalse();
  }

  @Test
  void numbersThatMakeNoSenseAreRefused() {
    assertThatIllegalArgumentException().isThrownBy(() -> Window.of(0)).withMessageContaining("0 steps");
    assertThatIllegalArgumentException().isThrownBy(() -> Window.of(1).stride(0)).withMessageContaining("stride of 0");
    assertThatIllegalArgumentException().isThrownBy(() -> Window.of(1).dilation(-1)).withMessageContaining("-1 apart");
    assertThatIllegalArgumentException().isThrownBy(() -> Window.of(1).padding(0, -1))
        .withMessageContaining("-1 after");
    assertThatIllegalArgumentException().isThrownBy(() -> new Window(3, 1, 1, 1, 0, true))
        .withMessageContaining("Leave those 0");
    assertThatIllegalArgumentException().isThrownBy(() -> Window.of(1 << 16).dilation(1 << 16))
        .withMessageContaining("longer than any sequence");
  }
}
