package dev.carousel.spi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.carousel.spi.form.Axis;
import dev.carousel.spi.form.Slot;
import dev.carousel.spi.form.Window;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class LayoutTest {
  private static final int STEPS = 7;
  private static final int BATCH = 9;

  private final Layout layout = new Layout(List.of(), STEPS, BATCH, Order.TIME_MAJOR);

  @Test
  void longSequencesComeFirstAndEqualOnesInTheCallersOrder() {
    set(4, new int[]{1, 4, 0, 2, 4});
    assertThat(IntStream.range(0, 5).map(layout::sequence)).containsExactly(1, 4, 3, 0, 2);
    assertThat(IntStream.range(0, 5).map(layout::length)).containsExactly(4, 4, 2, 1, 0);
    assertThat(IntStream.range(0, 4).map(layout::active)).containsExactly(4, 3, 2, 2);
    assertThat(IntStream.range(0, 4).map(layout::first)).containsExactly(0, 4, 7, 9);
    assertThat(layout.rows()).isEqualTo(11);
    assertThat(layout.longest()).isEqualTo(4);
    assertThat(layout.uniform()).isFalse();
  }

  @Test
  void withoutLengthsItIsTheCallersOrder() {
    layout.check(3, 4, null);
    layout.set(3, 4);
    assertThat(layout.uniform()).isTrue();
    assertThat(IntStream.range(0, 4).map(layout::sequence)).containsExactly(0, 1, 2, 3);
    assertThat(layout.rows()).isEqualTo(12);
  }

  /** Drawn runs of one layout: each is what its lengths say, whatever was there before. */
  @Test
  void nothingOfAnEarlierRunIsLeft() {
    SplittableRandom random = new SplittableRandom(1);
    for (int run = 1; run <= 2000; run++) {
      int steps = random.nextInt(1, STEPS + 1);
      int[] lengths = random.ints(random.nextInt(1, BATCH + 1), 0, steps + 1).toArray();
      set(steps, lengths);
      assertThat(layout.run()).isEqualTo(run);
      assertThat(layout.rows()).isEqualTo(IntStream.of(lengths).sum());
      for (int position = 0; position < lengths.length; position++) {
        assertThat(layout.length(position)).isEqualTo(lengths[layout.sequence(position)]);
      }
      int total = 0;
      for (int step = 0; step < steps; step++) {
        int valid = step;
        assertThat(layout.active(step)).isEqualTo((int) IntStream.of(lengths).filter(length -> length > valid).count());
        assertThat(layout.first(step)).isEqualTo(total);
        total += layout.active(step);
      }
    }
  }

  @Test
  void lengthsAreTakenOnce() {
    int[] lengths = {2, 1};
    layout.check(2, 2, lengths);
    lengths[0] = 100;
    layout.set(2, 2);
    assertThat(layout.length(0)).isEqualTo(2);
  }

  @Test
  void aRefusedRunLeavesTheOneBefore() {
    set(4, new int[]{1, 3});
    long run = layout.run();
    refused("Sequence 1 is to have 5 steps, and the run has 4", () -> layout.check(4, 2, new int[]{1, 5}));
    refused("Sequence 0 is to have -1 steps", () -> layout.check(4, 2, new int[]{-1, 1}));
    refused("1 lengths were given for 2 sequences", () -> layout.check(4, 2, new int[1]));
    refused("at most 7 of 9", () -> layout.check(8, 2, null));
    refused("at most 7 of 9", () -> layout.check(1, 10, null));
    refused("at least 1", () -> layout.check(0, 1, null));
    assertThat(layout.run()).isEqualTo(run);
    assertThat(layout.rows()).isEqualTo(4);
    assertThat(layout.sequence(0)).isEqualTo(1);
  }

  @Test
  void anAxisWithoutStepsHasNoSequences() {
    Axis axis = Window.of(3).over(Axis.RUN);
    Layout run = new Layout(List.of(Slot.steps(Slot.Role.SCRATCH, "windows", axis, 1)), STEPS, BATCH, Order.TIME_MAJOR);
    run.check(3, 2, null);
    run.set(3, 2);
    assertThat(run.along(axis).active(0)).isEqualTo(2);
    run.check(1, 2, new int[]{0, 0});
    run.set(1, 2);
    assertThat(run.along(axis).active(0)).isZero();
  }

  @Test
  void packingLeavesThePaddingOutAndUnpackingMakesItZero() {
    Slot input = Slot.steps(Slot.Role.INPUT, "in", 2);
    Slot output = Slot.steps(Slot.Role.OUTPUT, "out", 2);
    set(2, new int[]{1, 2});
    float[] rows = {1, 2, 3, 4, Float.NaN, Float.NaN, 7, 8};
    float[] packed = new float[6];
    layout.pack(input, MemorySegment.ofArray(rows), MemorySegment.ofArray(packed));
    assertThat(packed).containsExactly(3, 4, 1, 2, 7, 8);
    MemorySegment back = MemorySegment.ofArray(new float[]{9, 9, 9, 9, 9, 9, 9, 9});
    layout.unpack(output, MemorySegment.ofArray(packed), back);
    assertThat(back.toArray(ValueLayout.JAVA_FLOAT)).containsExactly(1, 2, 3, 4, 0, 0, 7, 8);
  }

  private void set(int steps, int[] lengths) {
    layout.check(steps, lengths.length, lengths);
    layout.set(steps, lengths.length);
  }

  private static void refused(String word, Runnable call) {
    assertThatIllegalArgumentException().isThrownBy(call::run).withMessageContaining(word);
  }
}
