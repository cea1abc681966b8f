package dev.carousel.cli.run;

import dev.carousel.Lowered;
import dev.carousel.spi.Backend;
import dev.carousel.spi.CompileOptions;
import dev.carousel.spi.Executable;
import dev.carousel.spi.Session;
import dev.carousel.spi.form.Check;
import dev.carousel.spi.form.Embed;
import dev.carousel.spi.form.Program;
import dev.carousel.spi.form.Slot;
import dev.carousel.spi.runtime.HostMemory;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Function;

/** Times a Program on a device, without the copies from and to the host. */
final class Stopwatch {
  private static final int FEWEST = 5; // runs
  private static final int MOST = 200;
  private static final double ENOUGH = 0.3; // seconds in all
  private static final long SEED = 1;

  private Stopwatch() {}

  /** The median of the time from the start of a run until its results can be read. */
  static double seconds(Backend backend, Lowered lowered, CompileOptions options,
      Function<Slot, MemorySegment> parameters, int steps, int sequences) {
    Program program = lowered.program();
    List<String> unsupported = backend.unsupported(program, options);
    Check.argument(unsupported.isEmpty(), "%s cannot run this network: %s", backend.device().id(),
        String.join(" ", unsupported));
    List<Slot> outputs = program.slots(Slot.Role.OUTPUT);
    Slot output = outputs.getLast();
    try (Arena arena = Arena.ofConfined();
        Executable executable = backend.compile(program, options, parameters);
        Session session = executable.newSession(steps, sequences)) {
      MemorySegment out = HostMemory.allocate(arena, (double) output.bytes(steps, sequences),
          "The output of a profile");
      session.begin(steps, sequences, null);
      for (Slot input : program.slots(Slot.Role.INPUT)) {
        MemorySegment in = HostMemory.allocate(arena, (double) input.bytes(steps, sequences), "The input of a profile");
        fill(in, input, program);
        session.write(input, in);
      }
      double[] times = new double[MOST];
      int runs = 0;
      run(session, output, out); // and let the code be compiled
      for (double all = 0; runs < MOST && (runs < FEWEST || all < ENOUGH); runs++) {
        times[runs] = run(session, output, out);
        all += times[runs];
      }
      double[] sorted = Arrays.copyOf(times, runs);
      Arrays.sort(sorted);
      return sorted[runs / 2];
    }
  }

  /** A run that may still be going on when forward returns is waited for by a read, whose own time is taken off. */
  private static double run(Session session, Slot output, MemorySegment out) {
    long start = System.nanoTime();
    session.forward();
    session.read(output, out);
    long read = System.nanoTime();
    session.read(output, out);
    return Math.max(0, 2 * read - start - System.nanoTime()) * 1e-9;
  }

  private static void fill(MemorySegment in, Slot input, Program program) {
    SplittableRandom random = new SplittableRandom(SEED);
    int rows = program.operations().filter(Embed.class::isInstance)
        .mapToInt(operation -> ((Embed) operation).table().rows()).min().orElse(1);
    for (long at = 0; at < in.byteSize(); at += Float.BYTES) {
      if (input.element() == Slot.Element.I32) {
        in.set(ValueLayout.JAVA_INT_UNALIGNED, at, random.nextInt(rows));
      } else {
        in.set(ValueLayout.JAVA_FLOAT_UNALIGNED, at, random.nextFloat(-1, 1));
      }
    }
  }
}
