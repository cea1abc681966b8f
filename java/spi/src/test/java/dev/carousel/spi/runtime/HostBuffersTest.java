package dev.carousel.spi.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.carousel.spi.Layout;
import dev.carousel.spi.Order;
import dev.carousel.spi.form.Slot;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import org.junit.jupiter.api.Test;

final class HostBuffersTest {
  private static final Slot STATE = Slot.batch(Slot.Role.STATE, "state", 3);
  private static final Slot INPUT = Slot.steps(Slot.Role.INPUT, "in", 5);

  @Test
  void buffersAreAlignedZeroApartAndCounted() {
    Slot parameter = Slot.parameter("w", 7, 7);
    try (HostBuffers buffers = new HostBuffers(List.of(STATE, INPUT, parameter), 4, 6)) {
      MemorySegment state = buffers.segment(STATE);
      MemorySegment input = buffers.segment(INPUT);
      assertThat(state.byteSize()).isEqualTo(4 * 3 * 6);
      assertThat(input.byteSize()).isEqualTo(4 * 5 * 4 * 6);
      assertThat(state.address() % 64).isZero();
      assertThat(input.address() % 64).isZero();
      input.fill((byte) 1);
      assertThat(state.toArray(ValueLayout.JAVA_FLOAT)).containsOnly(0);
      assertThat(buffers.bytes()).isGreaterThanOrEqualTo(state.byteSize() + input.byteSize());
      assertThatIllegalArgumentException().isThrownBy(() -> buffers.segment(parameter)).withMessageContaining("w[7,7]");
    }
  }

  @Test
  void rowsOfStatesAreWrittenReadAndCleared() {
    try (HostBuffers buffers = new HostBuffers(List.of(STATE), 1, 3)) {
      buffers.writeState(STATE, 1, MemorySegment.ofArray(new float[]{1, 2, 3, 4, 5, 6}));
      buffers.clearState(STATE, 2, 1);
      float[] all = new float[9];
      buffers.readState(STATE, 0, MemorySegment.ofArray(all));
      assertThat(all).containsExactly(0, 0, 0, 1, 2, 3, 0, 0, 0);
    }
  }

  @Test
  void statesAreArrangedAndPutBack() {
    Layout layout = new Layout(List.of(), 4, 3, Order.TIME_MAJOR);
    layout.check(4, 3, new int[]{1, 0, 4});
    layout.set(4, 3);
    float[] before = {1, 1, 1, 2, 2, 2, 3, 3, 3};
    try (HostBuffers buffers = new HostBuffers(List.of(STATE), 4, 3)) {
      buffers.writeState(STATE, 0, MemorySegment.ofArray(before));
      buffers.arrange(STATE, layout, false);
      assertThat(buffers.segment(STATE).toArray(ValueLayout.JAVA_FLOAT)).containsExactly(3, 3, 3, 1, 1, 1, 2, 2, 2);
      buffers.arrange(STATE, layout, true);
      assertThat(buffers.segment(STATE).toArray(ValueLayout.JAVA_FLOAT)).isEqualTo(before);
    }
  }

  @Test
  void sizesThatNoRunCanHaveAreRefused() {
    for (int[] size : new int[][]{{0, 1}, {1, 0}, {1 << 16, 1 << 16}, {-1, 1}}) {
      assertThatIllegalArgumentException().isThrownBy(() -> new HostBuffers(List.of(STATE), size[0], size[1]))
          .withMessageContaining("Run in parts");
    }
  }
}
