package dev.carousel.cpu;

import dev.carousel.spi.form.AcrossSteps;
import dev.carousel.spi.form.Axis;
import dev.carousel.spi.form.Mapping;
import dev.carousel.spi.form.Program;
import dev.carousel.spi.form.Slot;
import dev.carousel.spi.form.Step;
import dev.carousel.spi.form.View;
import dev.carousel.spi.form.Window;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;

/**
 * A Program of one kind of operation, twice: from columns in the midst of an input to columns side by side of an output,
 * with the window, the widths and the shape drawn from a seed.
 *
 * @param lengths of a ragged run; each sequence has a result, or no step
 */
@SuppressWarnings("ArrayRecordComponent") // drawn once, and never changed
record DrawnProgram(Program program, int steps, int batch, int[] lengths) {
  /** What is drawn. */
  enum Kind {
    LAST, SUM, MEAN, MAX, WINDOW_MEAN, WINDOW_PADDED, WINDOW_MAX, SOFTMAX, WEIGHTED, GATHER, STREAM, REPEAT, FLATTEN, LOG_SOFTMAX, SCALE, NORMALISE, COMBINE
  }

  private static final int MOST_STEPS = 23;
  private static final int MOST_BATCH = 9;
  private static final int MOST_HEADS = 3;
  private static final int BEFORE = 2; // columns of the input that nothing reads
  private static final int BEHIND = 3;

  static DrawnProgram of(Kind kind, long seed, int widest) {
    SplittableRandom random = new SplittableRandom(seed);
    int first = 1 + random.nextInt(widest);
    int second = 1 + random.nextInt(widest);
    Window window = window(kind, random);
    int times = switch (kind) { // columns of the output for one of the input
      case GATHER, STREAM -> window.width();
      case WEIGHTED -> 1 + random.nextInt(MOST_HEADS);
      case FLATTEN -> MOST_STEPS;
      default -> 1;
    };
    Slot in = Slot.steps(Slot.Role.INPUT, "in", BEFORE + first + second + BEHIND);
    Slot out = output(kind, window, times * (first + second));
    Program program = Program.of(Stream.of(
        operations(kind, window, in.columns(BEFORE, first), out.columns(0, times * first), random),
        operations(kind, window, in.columns(BEFORE + first, second), out.columns(times * first, times * second),
            random))
        .flatMap(List::stream).toList());
    return shaped(program, out.axis(), random);
  }

  private static Window window(Kind kind, SplittableRandom random) {
    Window window = Window.of(1 + random.nextInt(5)).dilation(1 + random.nextInt(3));
    if (kind == Kind.STREAM) {
      return window.causal();
    }
    int most = kind == Kind.GATHER ? 9 : window.reach() - 1; // pooling refuses windows that hold no step
    window = window.stride(1 + random.nextInt(3));
    return random.nextInt(3) == 0 ? window.padSame()
        : window.padding(random.nextInt(most + 1), random.nextInt(most + 1));
  }

  private static Slot output(Kind kind, Window window, int columns) {
    return switch (kind) {
      case LAST, SUM, MEAN, MAX, WEIGHTED, FLATTEN -> Slot.batch(Slot.Role.OUTPUT, "out", columns);
      case WINDOW_MEAN, WINDOW_PADDED, WINDOW_MAX, GATHER, STREAM ->
        Slot.steps(Slot.Role.OUTPUT, "out", window.over(Axis.RUN), columns);
      case SOFTMAX, REPEAT, LOG_SOFTMAX, SCALE, NORMALISE, COMBINE -> Slot.steps(Slot.Role.OUTPUT, "out", columns);
    };
  }

  private static DrawnProgram shaped(Program program, Axis axis, SplittableRandom random) {
    int steps = random.ints(1, MOST_STEPS + 1).filter(some -> axis.steps(some) > 0).findFirst().orElseThrow();
    int[] lengths = random.ints(1 + random.nextInt(MOST_BATCH), 0, steps + 1)
        .map(length -> axis.steps(length) > 0 ? length : 0).toArray();
    return new DrawnProgram(program, steps, lengths.length, lengths);
  }

  private static List<Step> operations(Kind kind, Window window, View in, View out, SplittableRandom random) {
    String name = "_" + in.column();
    View either = random.nextBoolean() ? in : out;
    return switch (kind) {
      case LAST -> List.of(new AcrossSteps.LastStep(in, out));
      case SUM, MEAN, MAX -> List.of(new AcrossSteps.Pool(AcrossSteps.Pool.Rule.valueOf(kind.name()), in, out));
      case WINDOW_MEAN -> List.of(new AcrossSteps.WindowPool(AcrossSteps.Pool.Rule.MEAN, window, false, in, out));
      case WINDOW_PADDED -> List.of(new AcrossSteps.WindowPool(AcrossSteps.Pool.Rule.MEAN, window, true, in, out));
      case WINDOW_MAX -> List.of(new AcrossSteps.WindowPool(AcrossSteps.Pool.Rule.MAX, window, false, in, out));
      case SOFTMAX -> List.of(new Mapping.Copy(in, out), new AcrossSteps.SoftmaxSteps(either, out));
      case WEIGHTED -> List.of(new AcrossSteps.WeightedSum(input("weights" + name, out.columns() / in.columns()), in,
          out));
      case GATHER -> List.of(new AcrossSteps.Gather(window, in, null, out));
      case STREAM -> List.of(stream(window, in, out));
      case REPEAT -> {
        View last = Slot.batch(Slot.Role.SCRATCH, "last" + name, in.columns()).view();
        yield List.of(new AcrossSteps.LastStep(in, last), new AcrossSteps.Repeat(last, out));
      }
      case FLATTEN -> List.of(new AcrossSteps.Flatten(in, out));
      case LOG_SOFTMAX -> List.of(new Mapping.Copy(in, out), new Mapping.LogSoftmax(either, out));
      case SCALE -> List.of(new Mapping.Scale(in, row("a" + name, in), null, out, false),
          new Mapping.Scale(in, null, row("b" + name, in), out, true),
          new Mapping.Scale(out, row("c" + name, in), row("d" + name, in), out, false));
      case NORMALISE -> List.of(new Mapping.Normalise(in, either.equals(in) ? row("a" + name, in) : null,
          either.equals(in) ? null : row("b" + name, in), 1e-3f, out));
      case COMBINE -> List.of(new Mapping.Combine(List.of(Mapping.Combine.Rule.values()).get(random.nextInt(7)), in,
          input("other" + name, random.nextBoolean() ? 1 : in.columns()), out));
    };
  }

  private static Step stream(Window window, View in, View out) {
    int past = (window.reach() - 1) * in.columns();
    return new AcrossSteps.Gather(window, in, past == 0 ? null
        : Slot.batch(Slot.Role.STATE, "past_" + in.column(), BEFORE + past + BEHIND).columns(BEFORE, past), out);
  }

  private static View input(String name, int columns) {
    return Slot.steps(Slot.Role.INPUT, name, BEFORE + columns + BEHIND).columns(BEFORE, columns);
  }

  private static Slot row(String name, View in) {
    return Slot.parameter(name, 1, in.columns());
  }

  /** As a failure names it. */
  @Override
  public String toString() {
    return steps + " steps of " + batch + ", " + Arrays.toString(lengths) + "\n" + program;
  }
}
