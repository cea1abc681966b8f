package dev.carousel.spi.form;

import static dev.carousel.spi.form.Slot.Role.INPUT;
import static dev.carousel.spi.form.Slot.Role.OUTPUT;
import static dev.carousel.spi.form.Slot.Role.SCRATCH;
import static dev.carousel.spi.form.Slot.Role.STATE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import org.junit.jupiter.api.Test;

/** A Program is checked when it is made, with messages that name the slot. */
final class ProgramTest {
  private static final View IN = Slot.steps(INPUT, "in", 4).view();
  private static final View OUT = Slot.steps(OUTPUT, "out", 4).view();
  private static final View STEPS = Slot.steps(SCRATCH, "steps", 4).view();
  private static final View BATCH = Slot.batch(SCRATCH, "batch", 4).view();
  private static final View MEMORY = Slot.batch(STATE, "memory", 4).view();

  @Test
  void aValidProgramPrintsAsAListing() {
    Program program = Program.of(List.of(
        new GateGemm(IN, Slot.parameter("w", 4, 4), Slot.parameter("b", 1, 4), STEPS, false),
        new Scan(Scan.Direction.REVERSE, List.of(new GateGemm(MEMORY, Slot.parameter("u", 4, 4), null, STEPS, true),
            new CellUpdate.Rnn(STEPS, MEMORY, OUT, Activation.TANH, 3)))));
    assertThat(program.toString()).isEqualTo("""
        program
          input     in[T*B,4]
          output    out[T*B,4]
          parameter w[4,4]
          parameter b[1,4]
          parameter u[4,4]
          state     memory[B,4]
          scratch   steps[T*B,4]
          1  steps[T*B,4] = gemm(in[T*B,4], w[4,4]) + b[1,4]
          2  scan reverse
               steps[T*B,4] += gemm(memory[B,4], u[4,4])
               memory[B,4], out[T*B,4] = rnn(steps[T*B,4], tanh, clip 3.0)
        """);
  }

  @Test
  void whatIsReadMustHaveBeenWritten() {
    refused(() -> program(new Mapping.Copy(STEPS, OUT)), "steps[T*B,4]", "column 0 has not been written");
    refused(() -> program(new Mapping.Copy(IN.slot().columns(0, 2), STEPS.slot().columns(0, 2)),
        new Mapping.Copy(STEPS, OUT)), "steps", "column 2");
    refused(() -> program(new GateGemm(IN, Slot.parameter("w", 4, 4), null, OUT, true)), "out", "column 0");
  }

  @Test
  void anOutputIsWrittenInFull() {
    refused(() -> program(new Mapping.Copy(IN.slot().columns(0, 3), OUT.slot().columns(0, 3))), "out[T*B,4]",
        "column 3");
  }

  @Test
  void namesAreUnique() {
    refused(() -> program(new Mapping.Copy(Slot.steps(INPUT, "out", 4).view(), OUT)), "Two slots are called out");
  }

  @Test
  void extentsMeetOnlyInAScan() {
    refused(() -> program(new Mapping.Copy(MEMORY, OUT)), "mixes", "memory", "out", "Put it into a scan");
    refused(() -> new Scan(Scan.Direction.FORWARD, List.of(new AcrossSteps.LastStep(IN, BATCH))),
        "put it before or after the scan");
    refused(() -> new Scan(Scan.Direction.FORWARD, List.of()), "no operation");
    refused(() -> new AcrossSteps.LastStep(MEMORY, BATCH), "memory", "a row of STEPS");
  }

  @Test
  void stepsOfTwoAxesMeetOnlyInWindows() {
    Window halves = Window.of(2).stride(2).padSame();
    View half = Slot.steps(SCRATCH, "half", halves.over(Axis.RUN), 4).view();
    AcrossSteps.WindowPool pool = new AcrossSteps.WindowPool(AcrossSteps.Pool.Rule.MAX, halves, false, IN, half);
    refused(() -> program(pool, new Mapping.Combine(Mapping.Combine.Rule.SUM, IN, half, OUT)), "mixes", "in[T*B,4]",
        "one extent and axis");
    refused(() -> program(pool, new GateGemm(half, Slot.parameter("w", 4, 4), null, OUT, false)), "mixes", "half");
    refused(
        () -> new Scan(Scan.Direction.FORWARD, List.of(new Mapping.Copy(half, MEMORY), new Mapping.Copy(IN, MEMORY))),
        "on 2 axes");
    refused(() -> new Scan(Scan.Direction.FORWARD, List.of(new Mapping.Copy(MEMORY, BATCH))), "on 0 axes");
    refused(() -> new AcrossSteps.WindowPool(AcrossSteps.Pool.Rule.MAX, halves, false, IN, OUT), "gives", "out[T*B,4]");
    refused(() -> new AcrossSteps.WeightedSum(half.slot().columns(0, 1), IN, BATCH), "the same steps");
    refused(() -> new AcrossSteps.SoftmaxSteps(IN, BATCH), "in[T*B,4]", "batch[B,4]");
    assertThat(new Scan(Scan.Direction.REVERSE, List.of(new Mapping.Copy(half, MEMORY))).axis())
        .isEqualTo(halves.over(Axis.RUN));
  }

  @Test
  void windowsFitTheirRows() {
    View wide = Slot.steps(SCRATCH, "wide", 12).view();
    View kept = Slot.batch(STATE, "kept", 8).view();
    refused(() -> new AcrossSteps.Gather(Window.of(3).causal(), IN, null, OUT), "12 columns", "it has 4");
    refused(() -> new AcrossSteps.Gather(Window.of(3).causal(), IN, MEMORY, wide), "8 columns", "memory");
    refused(() -> new AcrossSteps.Gather(Window.of(3).padSame(), IN, kept, wide), "windows that end with their step");
    refused(() -> new AcrossSteps.Gather(Window.of(3).causal(), IN, Slot.batch(SCRATCH, "kept", 8).view(), wide),
        "that is for STATE");
    refused(() -> new AcrossSteps.WindowPool(AcrossSteps.Pool.Rule.SUM, Window.of(1), false, IN, OUT), "MEAN or MAX");
    refused(() -> new AcrossSteps.WindowPool(AcrossSteps.Pool.Rule.MAX, Window.of(1), true, IN, OUT), "not there");
    refused(() -> new AcrossSteps.WindowPool(AcrossSteps.Pool.Rule.MEAN, Window.of(2).padding(2, 0), false, IN,
        Slot.steps(OUTPUT, "more", Window.of(2).padding(2, 0).over(Axis.RUN), 4).view()), "less padding");
    refused(() -> new AcrossSteps.Flatten(IN, Slot.batch(SCRATCH, "flat", 7).view()), "a multiple as wide");
    refused(() -> new AcrossSteps.WeightedSum(wide, IN, BATCH), "48 columns");
  }

  @Test
  void rowsAndColumnsOfMappingsFit() {
    View one = Slot.steps(INPUT, "one", 1).view();
    assertThat(program(new Mapping.Combine(Mapping.Combine.Rule.DIVIDE, IN, one, OUT)).operations()).hasSize(1);
    refused(() -> new Mapping.Combine(Mapping.Combine.Rule.SUM, STEPS, STEPS.slot().columns(1, 1), STEPS), "share");
    View narrow = STEPS.slot().columns(0, 1);
    refused(() -> new Mapping.Combine(Mapping.Combine.Rule.SUM, one, IN, narrow), "with 1 columns");
    refused(() -> new Mapping.Scale(IN, Slot.parameter("s", 1, 3), null, OUT, false), "s[1,3]", "[1,4]");
    refused(() -> new Mapping.Scale(STEPS, null, Slot.parameter("s", 1, 4), STEPS, true), "add", "itself");
    refused(() -> new Mapping.Normalise(IN, null, null, -1, OUT), "-1");
    refused(() -> new Mapping.Normalise(IN, null, null, Float.NaN, OUT), "NaN");
    refused(() -> Slot.steps(INPUT, "in", new Axis.Fixed(3), 4), "in", "the run's");
    refused(() -> new Slot("row", SCRATCH, Slot.Extent.BATCH, new Axis.Fixed(3), Slot.Element.F32, 1, 4), "only STEPS");
  }

  @Test
  void scratchOfTheBatchDoesNotOutliveItsScan() {
    Scan scan = new Scan(Scan.Direction.FORWARD, List.of(new Mapping.Copy(IN, BATCH), new Mapping.Copy(BATCH, OUT)));
    assertThat(program(scan).operations()).hasSize(2);
    refused(() -> program(scan, new Mapping.Copy(BATCH, Slot.batch(OUTPUT, "last", 4).view())), "batch", "column 0");
  }

  @Test
  void rolesAreRespected() {
    refused(() -> new Mapping.Copy(OUT, IN), "in[T*B,4]", "INPUT", "a run writes");
    refused(() -> Slot.steps(STATE, "memory", 4), "memory", "make it BATCH");
    refused(() -> new Slot("w", Slot.Role.PARAMETER, Slot.Extent.STEPS, Axis.RUN, Slot.Element.F32, 1, 4), "w",
        "FIXED");
    refused(() -> new Slot("out", OUTPUT, Slot.Extent.STEPS, Axis.RUN, Slot.Element.I32, 1, 4), "out", "integers");
    refused(() -> new GateGemm(IN, STEPS.slot(), null, OUT, false), "steps", "PARAMETER");
    refused(() -> new Mapping.Copy(Slot.indices("words").view(), STEPS), "words", "floats");
    refused(() -> new Embed(IN, Slot.parameter("table", 9, 4), OUT), "in", "I32");
  }

  @Test
  void shapesAgree() {
    refused(() -> new GateGemm(IN, Slot.parameter("w", 4, 5), null, OUT, false), "w[4,5]", "[4,4]");
    refused(() -> new GateGemm(IN, Slot.parameter("w", 4, 4), Slot.parameter("b", 4, 1), OUT, false), "b[4,1]",
        "[1,4]");
    refused(() -> new Embed(Slot.indices("words").view(), Slot.parameter("table", 9, 3), OUT), "table[9,3]");
    refused(() -> new Mapping.Copy(IN.slot().columns(0, 3), OUT), "in", "3");
    refused(() -> IN.slot().columns(2, 3), "slot in", "it has 4");
    refused(() -> IN.slot().columns(-1, 3), "slot in");
    View half = Slot.batch(STATE, "half", 2).view();
    refused(() -> new CellUpdate.Rnn(IN, half, null, Activation.TANH, 1), "in[T*B,4]", "2 columns");
    refused(() -> new CellUpdate.Lstm(IN, half, null, half, null, false, Activation.TANH, Activation.TANH,
        Activation.TANH, 1), "8 columns");
    refused(() -> new CellUpdate.Gru(IN, null, half, null, Activation.TANH, Activation.TANH, 1), "6 columns");
    refused(() -> new CellUpdate.GruReset(IN, half, BATCH, Activation.TANH, 1), "half");
  }

  @Test
  void operandsDoNotShareElements() {
    refused(() -> new GateGemm(STEPS, Slot.parameter("w", 4, 4), null, STEPS, false), "steps", "share");
    refused(() -> new Mapping.Copy(STEPS.slot().columns(0, 3), STEPS.slot().columns(1, 3)), "same, or apart");
    refused(() -> new CellUpdate.Rnn(MEMORY, MEMORY, null, Activation.TANH, 1), "memory", "share");
  }

  @Test
  void constantsAreNumbers() {
    refused(() -> new CellUpdate.Rnn(IN, MEMORY, null, Activation.TANH, 0), "clip at 0");
    refused(() -> new CellUpdate.Rnn(IN, MEMORY, null, Activation.TANH, Float.NaN), "clip at NaN");
    refused(() -> Activation.Kind.ELU.of(), "takes 1 constants");
    refused(() -> Activation.Kind.AFFINE.of(1, Float.NaN), "finite");
  }

  @Test
  void thereIsAStepAndNoBackwardList() {
    refused(() -> Program.of(List.of()), "no steps");
    List<Step> copy = List.of(new Mapping.Copy(IN, OUT));
    refused(() -> new Program(copy, copy), "backward");
  }

  private static Program program(Step... steps) {
    return Program.of(List.of(steps));
  }

  private static void refused(Runnable making, String... words) {
    assertThatIllegalArgumentException().isThrownBy(making::run).withMessageContainingAll(words);
  }
}
