package dev.carousel.spi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.carousel.spi.form.Axis;
import dev.carousel.spi.form.Slot;
import dev.carousel.spi.form.Window;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The rows along axes that follow from the run's. */
final class LayoutAlongTest {
  private static final int STEPS = 9;
  private static final int BATCH = 7;
  private static final List<Axis> AXES = List.of(Window.of(3).stride(2).padSame().over(Axis.RUN),
      Window.of(2).over(Axis.RUN), Window.of(2).padding(2, 2).over(Axis.RUN), new Axis.Fixed(4));
  private static final List<Slot> SLOTS = IntStream.range(0, AXES.size())
      .mapToObj(i -> Slot.steps(Slot.Role.OUTPUT, "out" + i, AXES.get(i), 2)).toList();

  private final SplittableRandom random = new SplittableRandom(5);

  @Test
  void eachAxisHasTheRunsOrderAndItsOwnLengths() {
    Layout layout = new Layout(SLOTS, STEPS, BATCH, Order.TIME_MAJOR);
    for (int run = 0; run < 500; run++) {
      int steps = random.nextInt(2, STEPS + 1);
      int[] lengths = lengths(steps);
      layout.check(steps, lengths.length, lengths);
      layout.set(steps, lengths.length);
      AXES.forEach(axis -> check(layout, layout.along(axis), axis, steps));
      assertThat(layout.along(Axis.RUN)).isSameAs(layout);
    }
  }

  private static void check(Layout layout, Layout along, Axis axis, int steps) {
    assertThat(along.steps()).isEqualTo(axis.steps(steps));
    assertThat(along.batch()).isEqualTo(layout.batch());
    assertThat(along.run()).isEqualTo(layout.run());
    assertThat(along.uniform()).isEqualTo(layout.uniform());
    int[] lengths = IntStream.range(0, layout.batch()).map(layout::length).map(axis::steps).toArray();
    assertThat(IntStream.range(0, layout.batch()).map(along::length)).containsExactly(boxed(lengths));
    assertThat(IntStream.range(0, layout.batch()).map(along::sequence))
        .containsExactly(boxed(IntStream.range(0, layout.batch()).map(layout::sequence).toArray()));
    int rows = 0;
    for (int step = 0; step < along.steps(); step++) {
      int valid = step;
      assertThat(along.first(step)).isEqualTo(rows);
      assertThat(along.active(step)).isEqualTo((int) Arrays.stream(lengths).filter(length -> length > valid).count());
      rows += along.active(step);
    }
    assertThat(along.rows()).isEqualTo(rows);
    assertThat(along.longest()).isEqualTo(Arrays.stream(lengths).max().orElse(0));
  }

  private static Integer[] boxed(int[] values) {
    return Arrays.stream(values).boxed().toArray(Integer[]::new);
  }

  /** No lengths of 1, which leaves nothing of windows of 2. */
  private int[] lengths(int steps) {
    return random.ints(random.nextInt(1, BATCH + 1), 0, steps).map(length -> length == 0 ? 0 : length + 1).toArray();
  }

  @Test
  void whatIsUnpackedIsPackedAgainInBothOrders() {
    for (Order order : Order.values()) {
      Layout layout = new Layout(SLOTS, STEPS, BATCH, order);
      for (int run = 0; run < 200; run++) {
        int steps = random.nextInt(2, STEPS + 1);
        int[] lengths = random.nextInt(3) == 0 ? null : lengths(steps);
        int batch = lengths == null ? random.nextInt(1, BATCH + 1) : lengths.length;
        layout.check(steps, batch, lengths);
        layout.set(steps, batch);
        SLOTS.forEach(slot -> roundTrip(layout, slot, order));
      }
    }
  }

  private static void roundTrip(Layout layout, Slot slot, Order order) {
    Layout along = layout.along(slot.axis());
    float[] packed = new float[2 * along.rows()];
    for (int i = 0; i < packed.length; i++) {
      packed[i] = i + 1;
    }
    float[] plain = new float[2 * along.steps() * along.batch()];
    Arrays.fill(plain, Float.NaN); // of which nothing may be left
    layout.unpack(slot, MemorySegment.ofArray(packed), MemorySegment.ofArray(plain));
    float[] expected = new float[plain.length];
    for (int position = 0; position < along.batch(); position++) {
      for (int step = 0; step < along.length(position); step++) {
        int sequence = layout.sequence(position);
        int row = order == Order.TIME_MAJOR ? step * along.batch() + sequence : sequence * along.steps() + step;
        assertThat(along.place(step, position)).isEqualTo(row);
        expected[2 * row] = 2 * (along.first(step) + position) + 1;
        expected[2 * row + 1] = expected[2 * row] + 1;
      }
    }
    assertThat(plain).containsExactly(expected);
    MemorySegment again = MemorySegment.ofArray(new float[packed.length]);
    layout.pack(slot, MemorySegment.ofArray(plain), again);
    assertThat(again.toArray(ValueLayout.JAVA_FLOAT)).containsExactly(packed);
  }

  @Test
  void aSequenceThatLosesAllItsStepsIsRefusedAndAnEmptyOneIsNot() {
    Layout layout = new Layout(SLOTS, STEPS, BATCH, Order.TIME_MAJOR);
    layout.check(4, 3, new int[]{0, 4, 2});
    layout.set(4, 3);
    assertThatIllegalArgumentException().isThrownBy(() -> layout.check(4, 3, new int[]{0, 4, 1}))
        .withMessageContaining("Sequence 2 has 1 steps").withMessageContaining("out1");
    assertThatIllegalArgumentException().isThrownBy(() -> layout.check(1, 1, null));
    assertThat(layout.along(AXES.get(1)).rows()).as("the run before").isEqualTo(4);
    layout.check(4, 2, new int[2]);
    layout.set(4, 2);
    AXES.forEach(axis -> assertThat(layout.along(axis).rows()).isZero());
  }

  @Test
  void anAxisThatNoSlotHasIsRefused() {
    Layout layout = new Layout(SLOTS, STEPS, BATCH, Order.TIME_MAJOR);
    assertThatIllegalArgumentException().isThrownBy(() -> layout.along(new Axis.Fixed(99)))
        .withMessageContaining("99");
  }

  @Test
  void theLongestIsThatOfTheLengthsCheckedLast() {
    Layout layout = new Layout(SLOTS, STEPS, BATCH, Order.TIME_MAJOR);
    layout.check(9, 2, new int[]{5, 3});
    assertThat(layout.longestGiven(Axis.RUN, 2)).isEqualTo(5);
    assertThat(layout.longestGiven(AXES.get(0), 2)).isEqualTo(3);
  }
}
