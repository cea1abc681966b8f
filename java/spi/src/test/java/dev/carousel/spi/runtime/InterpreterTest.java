package dev.carousel.spi.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.carousel.spi.Executable;
import dev.carousel.spi.Kernels;
import dev.carousel.spi.Order;
import dev.carousel.spi.Session;
import dev.carousel.spi.form.AcrossSteps;
import dev.carousel.spi.form.Activation;
import dev.carousel.spi.form.Axis;
import dev.carousel.spi.form.CellUpdate;
import dev.carousel.spi.form.Embed;
import dev.carousel.spi.form.Operation;
import dev.carousel.spi.form.Program;
import dev.carousel.spi.form.Scan;
import dev.carousel.spi.form.Slot;
import dev.carousel.spi.form.Window;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The Interpreter over kernels that write down what they are asked for. */
final class InterpreterTest {
  private static final Slot WORDS = Slot.indices("words");
  private static final Slot ROWS = Slot.steps(Slot.Role.SCRATCH, "rows", 2);
  private static final Slot MEMORY = Slot.batch(Slot.Role.STATE, "memory", 2);
  private static final Slot OUT = Slot.steps(Slot.Role.OUTPUT, "out", 2);
  private static final Program PROGRAM = Program.of(List.of(
      new Embed(WORDS.view(), Slot.parameter("table", 5, 2), ROWS.view()),
      new Scan(Scan.Direction.REVERSE, List.of(
          new CellUpdate.Rnn(ROWS.view(), MEMORY.view(), OUT.view(), Activation.TANH, CellUpdate.NO_CLIP)))));

  private final List<String> asked = new ArrayList<>();
  private final Compiled compiled = new Compiled(PROGRAM);
  private final HostBuffers buffers = new HostBuffers(PROGRAM.slots(), 3, 2);
  private final Interpreter session = new Interpreter(compiled, 3, 2, Order.TIME_MAJOR, buffers, this::bind);

  private static final class Compiled implements Executable {
    private final Program program;
    private boolean closed;

    Compiled(Program program) {
      this.program = program;
    }

    @Override
    public Program program() {
      return program;
    }

    @Override
    public boolean closed() {
      return closed;
    }

    @Override
    public long bytes() {
      return 0;
    }

    @Override
    public Session newSession(int maxSteps, int maxBatch, Order order) {
      throw new AssertionError("not asked for");
    }

    @Override
    public void close() {
      closed = true;
    }
  }

  private Kernels.Kernel bind(Operation operation) {
    String name = operation.getClass().getSimpleName();
    return (_, stepRow, rows) -> {
      if (asked.contains("fail")) {
        throw new IllegalStateException("The device is on fire.");
      }
      asked.add(name + " " + stepRow + " " + rows);
    };
  }

  @AfterEach
  void close() {
    session.close();
  }

  @Test
  void stepsAreWalkedFromTheLastInAReverseScan() {
    session.begin(3, 2, new int[]{1, 3});
    session.write(WORDS, words(4, 0, 9, 1, 9, 2));
    session.forward();
    assertThat(asked).containsExactly("Embed 0 4", "Rnn 3 1", "Rnn 2 1", "Rnn 0 2");
    assertThat(buffers.segment(WORDS).asSlice(0, 16).toArray(ValueLayout.JAVA_INT)).as("packed, without padding")
        .containsExactly(0, 4, 1, 2);
  }

  @Test
  void indicesAreCheckedInACopyThatNobodyElseReaches() {
    assertThat(session.memory(WORDS)).isNull();
    assertThat(session.memory(OUT)).isNotNull();
    session.begin(1, 2, null);
    assertThatIllegalArgumentException().isThrownBy(() -> session.write(WORDS, words(0, 5)))
        .withMessageContaining("index 5 at step 0 of sequence 1, and the table has rows 0 to 4");
    assertThatIllegalStateException().isThrownBy(session::forward).withMessageContaining("Write every input");
    MemorySegment given = words(0, 4);
    session.write(WORDS, given);
    given.setAtIndex(ValueLayout.JAVA_INT, 0, 77);
    session.forward();
    assertThat(buffers.segment(WORDS).getAtIndex(ValueLayout.JAVA_INT, 0)).isZero();
  }

  /** Windows of 2 leave nothing of a sequence of one step; and there is room for the results of 3. */
  @Test
  void whatHasNoStepLeftOrTooManyIsRefusedAndLeavesTheRunThatWasBegun() {
    Slot in = Slot.steps(Slot.Role.INPUT, "in", 2);
    Window pairs = Window.of(2);
    Slot rows = Slot.steps(Slot.Role.SCRATCH, "pairs", pairs.over(Axis.RUN), 2);
    Slot flat = Slot.batch(Slot.Role.OUTPUT, "flat", 4);
    Program program = Program.of(List.of(
        new AcrossSteps.WindowPool(AcrossSteps.Pool.Rule.MAX, pairs, false, in.view(), rows.view()),
        new AcrossSteps.Flatten(rows.view(), flat.view())));
    try (Interpreter other = new Interpreter(new Compiled(program), 5, 2, Order.TIME_MAJOR,
        new HostBuffers(program.slots(), 5, 2), this::bind)) {
      other.begin(3, 2, new int[]{3, 0});
      assertThatIllegalArgumentException().isThrownBy(() -> other.begin(3, 2, new int[]{3, 1}))
          .withMessageContainingAll("Sequence 1 has 1 steps", "pairs");
      assertThatIllegalArgumentException().isThrownBy(() -> other.begin(4, 1, null))
          .withMessageContainingAll("3 steps", "room for 2", "flat");
      other.write(in, MemorySegment.ofArray(new float[12]));
      other.forward();
      other.read(flat, MemorySegment.ofArray(new float[8]));
      assertThat(asked).containsExactly("WindowPool 0 2", "Flatten 0 1");
    }
  }

  @Test
  void eachColumnOfIndicesIsCheckedAgainstItsTable() {
    Slot words = Slot.indices("words", Slot.Extent.BATCH, 2);
    Slot out = Slot.batch(Slot.Role.OUTPUT, "out", 2);
    Program program = Program.of(List.of(
        new Embed(words.columns(0, 1), Slot.parameter("large", 9, 1), out.columns(0, 1)),
        new Embed(words.columns(1, 1), Slot.parameter("small", 2, 1), out.columns(1, 1))));
    try (Interpreter other = new Interpreter(new Compiled(program), 3, 2, Order.BATCH_MAJOR,
        new HostBuffers(program.slots(), 3, 2), this::bind)) {
      other.begin(3, 2, new int[]{2, 0});
      assertThatIllegalArgumentException().isThrownBy(() -> other.write(words, words(8, 2, 0, 0)))
          .withMessageContainingAll("index 2", "sequence 0", "rows 0 to 1");
      other.write(words, words(8, 1, -7, 99)); // that one has no steps
      other.forward();
    }
  }

  @Test
  void aRefusedBeginLeavesTheRunThatWasBegun() {
    session.begin(1, 2, null);
    session.write(WORDS, words(0, 1));
    assertThatIllegalArgumentException().isThrownBy(() -> session.begin(9, 1, null));
    session.forward();
    session.read(OUT, MemorySegment.ofArray(new float[4]));
    assertThat(asked).hasSize(2);
  }

  @Test
  void aRunThatFailsLeavesOnlyClose() {
    session.begin(1, 1, null);
    session.write(WORDS, words(0));
    asked.add("fail");
    assertThatThrownBy(session::forward).hasMessageContaining("on fire");
    assertThatIllegalStateException().isThrownBy(() -> session.begin(1, 1, null))
        .withMessageContainingAll("failed midway", "make a new one");
    session.close();
    session.close();
    assertThatIllegalStateException().isThrownBy(() -> session.begin(1, 1, null)).withMessageContaining("closed");
  }

  @Test
  void aClosedProgramRunsNoMore() {
    compiled.close();
    assertThatIllegalStateException().isThrownBy(() -> session.begin(1, 1, null))
        .withMessageContaining("compiled program of this session is closed");
  }

  private static MemorySegment words(int... indices) {
    return MemorySegment.ofArray(indices);
  }
}
