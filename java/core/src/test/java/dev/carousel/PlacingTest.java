package dev.carousel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carousel.Network.Input;
import dev.carousel.Network.Node;
import dev.carousel.spi.form.Activation;
import dev.carousel.spi.form.Window;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Nothing is copied that can be written where it is wanted, and nothing is overwritten that is still to be read. */
final class PlacingTest {
  private static final List<Input> INPUTS = List.of(Input.rows("x", 2));
  private static final Node LEFT = Node.of("left", Dense.of(2, 3), "x");
  private static final Node RIGHT = Node.of("right", Dense.of(2, 2), "x");
  private static final Node BOTH = Node.of("both", Concat.of(3, 2), "left", "right");
  private static final Node BENT = Node.of("bent", Elementwise.of(5, Activation.RELU), "both");

  @Test
  void whatIsConcatenatedAndBentIsWrittenToTheOutput() {
    assertThat(listing(List.of(LEFT, RIGHT, BOTH, BENT), "bent"))
        .contains("bent[T*B,0:3] = gemm(x", "bent[T*B,3:5] = gemm(x", "bent[T*B,5] = activate(bent[T*B,5], relu)")
        .doesNotContain("copy", "scratch");
  }

  @Test
  void whatIsReadOnceMoreIsNotOverwritten() {
    Node after = Node.of("after", Dense.of(3, 1), "left");
    assertThat(listing(List.of(LEFT, RIGHT, BOTH, BENT, after), "bent", "after"))
        .contains("both.output[T*B,0:3] = gemm(x", "bent[T*B,5] = activate(both.output[T*B,5], relu)",
            "after[T*B,1] = gemm(both.output[T*B,0:3]");
  }

  @Test
  void norIsWhatStandsWithinThat() {
    Node more = Node.of("more", Concat.of(5, 2), "both", "x");
    Node bent = Node.of("bent", Elementwise.of(7, Activation.RELU), "more");
    Node after = Node.of("after", Dense.of(3, 1), "left");
    assertThat(listing(List.of(LEFT, RIGHT, BOTH, more, bent, after), "bent", "after"))
        .contains("bent[T*B,7] = activate(more.output[T*B,7], relu)", "after[T*B,1] = gemm(more.output[T*B,0:3]");
  }

  @Test
  void windowsDoNotStandBesideWhatTheySee() {
    Node pool = Node.of("pool", WindowPool.max(3, 2).window(Window.of(2).padSame()), "left");
    assertThat(listing(List.of(LEFT, pool, Node.of("both", Concat.of(3, 3), "left", "pool")), "both"))
        .contains("both[T*B,0:3] = gemm(x", "pool.output[T*B,3] = window_pool(both[T*B,0:3]",
            "both[T*B,3:6] = copy(pool.output");
  }

  private static String listing(List<Node> nodes, String... outputs) {
    return Network.of(INPUTS, nodes, outputs).lower().program().toString();
  }
}
