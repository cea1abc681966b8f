package dev.carousel.opencl;

import dev.carousel.opencl.device.Choice;
import dev.carousel.opencl.device.Profile;
import dev.carousel.opencl.driver.OpenClDevice;
import dev.carousel.opencl.driver.OpenClDevice.Kind;
import dev.carousel.spi.CompileOptions;
import dev.carousel.spi.Device;
import dev.carousel.spi.Executable;
import dev.carousel.spi.Session;
import dev.carousel.spi.form.Activation;
import dev.carousel.spi.form.CellUpdate;
import dev.carousel.spi.form.GateGemm;
import dev.carousel.spi.form.Program;
import dev.carousel.spi.form.Scan;
import dev.carousel.spi.form.Slot;
import dev.carousel.spi.form.View;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** An LSTM layer, and the run of it, on which ways to use a device are compared. */
record Workload(int rows, int inputs, int units, int steps) {
  private static final int GATES = 4;

  /** Those on which a choice shows, for a device with so many threads. */
  static List<Workload> of(Choice choice, Kind kind, int threads) {
    return switch (choice) {
      case LANES, TILE_ROWS -> List.of(of(1, 256, 50), of(16, 256, 20), of(64, 512, 10));
      case HOIST_ROWS -> List.of(of(threads, 256, 20), of(3 * threads, 256, 20), of(6 * threads, 256, 20));
      case GROUP, CARRIED -> List.of(of(1, 256, 50), of(16, 256, 20), of(64, 256, 10));
      case WHOLE_BYTES -> (kind == Kind.CPU ? Stream.of(256, 512, 1024, 2048) : Stream.of(128, 256, 512))
          .flatMap(units -> Stream.of(1, 16).map(rows -> of(rows, units, Math.max(2, 4096 / units)))).toList();
    };
  }

  private static Workload of(int rows, int units, int steps) {
    return new Workload(rows, 256, units, steps);
  }

  /** A narrower one, which takes less time. */
  Workload narrowed(int divisor) {
    return new Workload(rows, inputs / divisor, units / divisor, steps);
  }

  /** Whether a device with so many threads may do something else for it where it is used in another way. */
  boolean tells(Profile one, Profile other, int threads) {
    boolean whole = whole(one);
    if (whole != whole(other) || one.lanes() != other.lanes() || one.tileRows() != other.tileRows()) {
      return true;
    }
    boolean hoists = hoists(rowsOfItem(threads), one, other) || hoists(rows, one, other);
    return whole && (one.group() != other.group() || one.carried() != other.carried() || hoists);
  }

  private boolean whole(Profile profile) {
    return (long) Float.BYTES * GATES * units * units <= profile.wholeBytes();
  }

  private int rowsOfItem(int threads) {
    return (rows - 1) / Math.min(threads, rows) + 1;
  }

  /** Whether so many rows, which are those of a work-item or of all that share them, are on two sides of a bound. */
  private static boolean hoists(int rows, Profile one, Profile other) {
    return rows < one.hoistRows() != rows < other.hoistRows();
  }

  Program program() {
    View in = Slot.steps(Slot.Role.INPUT, "input", inputs).view();
    View out = Slot.steps(Slot.Role.OUTPUT, "output", units).view();
    View gates = Slot.steps(Slot.Role.SCRATCH, "gates", GATES * units).view();
    View hidden = Slot.batch(Slot.Role.STATE, "hidden", units).view();
    View cell = Slot.batch(Slot.Role.STATE, "cell", units).view();
    GateGemm input = new GateGemm(in, Slot.parameter("input_weights", GATES * units, inputs),
        Slot.parameter("bias", 1, GATES * units), gates, false);
    GateGemm recurrent = new GateGemm(hidden, Slot.parameter("recurrent_weights", GATES * units, units), null, gates,
        true);
    CellUpdate update = new CellUpdate.Lstm(gates, cell, null, hidden, out, false, Activation.SIGMOID, Activation.TANH,
        Activation.TANH, CellUpdate.NO_CLIP);
    return Program.of(List.of(input, new Scan(Scan.Direction.FORWARD, List.of(recurrent, update))));
  }

  /** Numbers about 0, such that gates are not all open or shut. */
  private static float[] numbers(int count) {
    float[] numbers = new float[count];
    for (int i = 0; i < count; i++) {
      numbers[i] = (i * 7 % 31 - 15) / 256f;
    }
    return numbers;
  }

  /** Opens it on a device that is used in a way. */
  Running open(OpenClDevice device, Profile profile) {
    return new Running(this, device, profile);
  }

  /** The shape, as {@code rows x units x steps}. */
  @Override
  public String toString() {
    return String.format(Locale.ROOT, "%dx%dx%d", rows, units, steps);
  }

  /** A layer on a device, ready to be run again and again. */
  static final class Running implements AutoCloseable {
    private final Workload workload;
    private final OpenClBackend backend;
    private final Executable executable;
    private final Session session;
    private final Slot input;
    private final Slot output;
    private final MemorySegment in; // [steps][rows][inputs]
    private final float[] out; // [steps][rows][units]
    private final MemorySegment result; // the same

    private Running(Workload workload, OpenClDevice device, Profile profile) {
      this.workload = workload;
      Program program = workload.program();
      input = program.slots(Slot.Role.INPUT).getFirst();
      output = program.slots(Slot.Role.OUTPUT).getFirst();
      in = MemorySegment.ofArray(numbers(workload.steps * workload.rows * workload.inputs));
      out = new float[workload.steps * workload.rows * workload.units];
      result = MemorySegment.ofArray(out);
      Device named = new Device(device.id(), device.description(), 0, Optional.empty());
      backend = OpenClBackend.open(named, device, profile);
      try {
        executable = backend.compile(program, CompileOptions.defaults(),
            slot -> MemorySegment.ofArray(numbers(slot.rows() * slot.columns())));
        try {
          session = executable.newSession(workload.steps, workload.rows);
        } catch (RuntimeException | Error failure) {
          executable.close();
          throw failure;
        }
      } catch (RuntimeException | Error failure) {
        backend.close();
        throw failure;
      }
    }

    /** Runs it, from the data's way in to the result's way out; returns the nanoseconds. */
    long run() {
      long start = System.nanoTime();
      session.begin(workload.steps, workload.rows, null);
      session.write(input, in);
      session.forward();
      session.read(output, result);
      return System.nanoTime() - start;
    }

    /** What it gives from a state of 0, {@code [steps][rows][units]}. */
    float[] result() {
      session.resetState(0, workload.rows);
      run();
      return out.clone();
    }

    @Override
    public void close() {
      session.close();
      executable.close();
      backend.close();
    }
  }
}
