package dev.carousel.opencl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.abort;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.carousel.Devices;
import dev.carousel.conformance.Tolerance;
import dev.carousel.opencl.device.Profile;
import dev.carousel.opencl.driver.OpenClDevice.Kind;
import dev.carousel.spi.Backend;
import dev.carousel.spi.BackendProvider;
import dev.carousel.spi.CompileOptions;
import dev.carousel.spi.Device;
import dev.carousel.spi.Executable;
import dev.carousel.spi.Order;
import dev.carousel.spi.Session;
import dev.carousel.spi.form.AcrossSteps;
import dev.carousel.spi.form.Activation;
import dev.carousel.spi.form.Axis;
import dev.carousel.spi.form.CellUpdate;
import dev.carousel.spi.form.GateGemm;
import dev.carousel.spi.form.Mapping;
import dev.carousel.spi.form.Program;
import dev.carousel.spi.form.Scan;
import dev.carousel.spi.form.Slot;
import dev.carousel.spi.form.Step;
import dev.carousel.spi.form.View;
import dev.carousel.spi.form.Window;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Operations across steps on every OpenCL device: ragged, in parts, between other columns, in either order of rows. */
final class AcrossStepsTest {
  private static final int STEPS = 7;
  private static final int BATCH = 6;
  private static final int[][] LENGTHS = {null, {3, 7, 0, 6, 7, 1}, {7, 2, 5, 7, 7, 3}};

  static Map<String, Program> programs() {
    Map<String, Program> programs = new LinkedHashMap<>();
    for (int n : new int[]{19}) {
      View in = Slot.steps(Slot.Role.INPUT, "input", n + 3).columns(2, n);
      View row = Slot.batch(Slot.Role.INPUT, "row", n + 2).columns(1, n);
      for (AcrossSteps.Pool.Rule rule : AcrossSteps.Pool.Rule.values()) {
        programs.put("pool_" + rule + n, framed(batch(n + 4), n, out -> new AcrossSteps.Pool(rule, in, out)));
      }
      programs.put("last" + n, framed(batch(n + 4), n, out -> new AcrossSteps.LastStep(in, out)));
      programs.put("repeat" + n, framed(steps(Axis.RUN, n + 4), n, out -> new AcrossSteps.Repeat(row, out)));
      programs.put("flatten" + n, framed(batch(9 * n + 4), 9 * n, out -> new AcrossSteps.Flatten(in, out)));
      programs.put("softmax" + n, framed(steps(Axis.RUN, n + 4), n, out -> new AcrossSteps.SoftmaxSteps(in, out)));
      for (int heads : new int[]{1, 3}) {
        View weights = Slot.steps(Slot.Role.INPUT, "weights", heads + 1).columns(1, heads);
        programs.put("weighted" + heads + "_" + n,
            framed(batch(heads * n + 4), heads * n, out -> new AcrossSteps.WeightedSum(weights, in, out)));
      }
      for (Window window : new Window[]{Window.of(5).stride(3).padSame(), Window.of(4).stride(2).padding(3, 2),
          Window.of(3).stride(2).dilation(3).padSame()}) {
        Axis axis = window.over(Axis.RUN);
        programs.put("gather" + n + " " + window, framed(steps(axis, 5 * n + 4), window.width() * n,
            out -> new AcrossSteps.Gather(window, in, null, out)));
        programs.put("max" + n + " " + window, framed(steps(axis, n + 4), n,
            out -> new AcrossSteps.WindowPool(AcrossSteps.Pool.Rule.MAX, window, false, in, out)));
        for (boolean padded : new boolean[]{true, false}) {
          programs.put("mean" + n + (padded ? "p" : "") + " " + window, framed(steps(axis, n + 4), n,
              out -> new AcrossSteps.WindowPool(AcrossSteps.Pool.Rule.MEAN, window, padded, in, out)));
        }
      }
      for (Window window : new Window[]{Window.of(3).causal(), Window.of(4).dilation(3).causal()}) {
        View history = Slot.batch(Slot.Role.STATE, "history", (window.reach() - 1) * n + 2)
            .columns(1, (window.reach() - 1) * n);
        programs.put("stream" + n + " " + window, framed(steps(Axis.RUN, 5 * n + 4), window.width() * n,
            out -> new AcrossSteps.Gather(window, in, history, out)));
      }
      behind(programs, n);
    }
    return programs;
  }

  /** A recurrent layer, and what ends its steps, behind strided windows. */
  private static void behind(Map<String, Program> programs, int n) {
    Window window = Window.of(3).stride(2).padSame();
    Axis axis = window.over(Axis.RUN);
    View in = Slot.steps(Slot.Role.INPUT, "input", n).view();
    View windows = Slot.steps(Slot.Role.SCRATCH, "windows", axis, 3 * n).view();
    View gates = Slot.steps(Slot.Role.SCRATCH, "gates", axis, 4 * n).view();
    View hidden = Slot.batch(Slot.Role.STATE, "hidden", n).view();
    View cell = Slot.batch(Slot.Role.STATE, "cell", n).view();
    Slot all = Slot.steps(Slot.Role.OUTPUT, "all", axis, n);
    Slot last = Slot.batch(Slot.Role.OUTPUT, "last", n);
    for (Scan.Direction direction : Scan.Direction.values()) {
      for (Activation output : List.of(Activation.TANH, Activation.Kind.GELU.of())) {
        programs.put("lstm" + n + direction + output, Program.of(List.of(
            new AcrossSteps.Gather(window, in, null, windows),
            new GateGemm(windows, Slot.parameter("w", 4 * n, 3 * n), Slot.parameter("b", 1, 4 * n), gates, false),
            new Scan(direction, List.of(new GateGemm(hidden, Slot.parameter("u", 4 * n, n), null, gates, true),
                new CellUpdate.Lstm(gates, cell, null, hidden, all.view(), false, Activation.SIGMOID, Activation.TANH,
                    output, CellUpdate.NO_CLIP))),
            new AcrossSteps.LastStep(all.view(), last.view()))));
      }
    }
  }

  private static Slot batch(int columns) {
    return Slot.batch(Slot.Role.OUTPUT, "output", columns);
  }

  private static Slot steps(Axis axis, int columns) {
    return Slot.steps(Slot.Role.OUTPUT, "output", axis, columns);
  }

  private interface Framed {
    Step into(View out);
  }

  /** What is written stands between other columns, which stay as they were. */
  private static Program framed(Slot output, int columns, Framed operation) {
    List<Step> steps = new ArrayList<>();
    Slot seed = output.extent() == Slot.Extent.BATCH ? Slot.batch(Slot.Role.INPUT, "seed", output.columns())
        : output.axis().equals(Axis.RUN) ? Slot.steps(Slot.Role.INPUT, "seed", output.columns())
            : Slot.batch(Slot.Role.INPUT, "seed", output.columns());
    steps.add(seed.extent() == output.extent() ? new Mapping.Copy(seed.view(), output.view())
        : new AcrossSteps.Repeat(seed.view(), output.view()));
    steps.add(operation.into(output.columns(1, columns)));
    return Program.of(steps);
  }

  @Test
  void aSessionThatALoopWouldNotReachTheEndOfIsRefused() {
    OpenClProvider provider = new OpenClProvider();
    List<Device> devices = provider.devices().stream()
        .filter(device -> device.available() && device.description().contains("llvmpipe")).toList();
    assumeTrue(!devices.isEmpty(), "Mesa's software device is not here.");
    View in = Slot.steps(Slot.Role.INPUT, "input", 1).view();
    Program program = Program.of(List.of(new AcrossSteps.Pool(AcrossSteps.Pool.Rule.SUM, in, batch(1).view())));
    try (Backend backend = provider.open(devices.getFirst());
        Executable executable = backend.compile(program, new CompileOptions(1), _ -> MemorySegment.NULL)) {
      assertThatThrownBy(() -> executable.newSession(65_536, 1)).hasMessageContaining("65536 steps")
          .hasMessageContaining("ends loops after 65535 turns");
      try (Session session = executable.newSession(65_535, 1)) {
        float[] ones = new float[65_535];
        Arrays.fill(ones, 1);
        float[] sum = new float[1];
        session.begin(ones.length, 1, null);
        session.write(in.slot(), MemorySegment.ofArray(ones));
        session.forward();
        session.read(batch(1), MemorySegment.ofArray(sum));
        assertThat(sum[0]).isEqualTo(65_535);
      }
    }
  }

  @TestFactory
  Stream<DynamicNode> devices() {
    List<BackendProvider> providers = List.of(new OpenClProvider(),
        new ProfiledProvider("stepwise", _ -> new Profile(Kind.CPU, 8, 3, true, 0, 4, 1, 1, false)),
        new ProfiledProvider("gpu", _ -> new Profile(Kind.GPU, 1, 4, true, 1 << 20, 0, 16, 4, false)));
    return providers.stream().flatMap(provider -> provider.devices().stream().map(device -> device.available()
        ? device(provider, device)
        : DynamicTest.dynamicTest(device.id(), () -> abort(device.unavailable().orElse("")))));
  }

  private static DynamicNode device(BackendProvider provider, Device device) {
    return DynamicContainer.dynamicContainer(device.id(), programs().entrySet().stream()
        .map(entry -> DynamicTest.dynamicTest(entry.getKey(), () -> {
          try (Backend reference = Devices.open(Devices.byId("reference")); Backend backend = provider.open(device)) {
            check(backend, reference, entry.getValue());
          }
        })));
  }

  static void check(Backend backend, Backend reference, Program program) {
    assertThat(backend.unsupported(program, new CompileOptions(2))).isEmpty();
    Map<Slot, MemorySegment> parameters = new LinkedHashMap<>();
    program.slots(Slot.Role.PARAMETER).forEach(slot -> parameters.put(slot, drawn(slot, slot.rows(), 0.5f)));
    try (
        Executable expected = reference.compile(program, new CompileOptions(2),
            slot -> Objects.requireNonNull(parameters.get(slot)));
        Executable actual = backend.compile(program, new CompileOptions(2),
            slot -> Objects.requireNonNull(parameters.get(slot)))) {
      for (Order order : Order.values()) {
        for (int[] lengths : LENGTHS) {
          try (Session one = expected.newSession(STEPS, BATCH, order);
              Session two = actual.newSession(STEPS + 3, BATCH + 1, order)) {
            for (int part = 0; part < 2; part++) { // state carries over
              compare(program, STEPS, lengths, one, two);
            }
            if (lengths == null) {
              compare(program, 3, null, one, two);
            }
          }
        }
      }
    }
  }

  private static void compare(Program program, int steps, int @Nullable [] lengths, Session one, Session two) {
    Map<Slot, MemorySegment> inputs = new LinkedHashMap<>();
    int bound = program.operations().anyMatch(GateGemm.class::isInstance) ? 1 : 3;
    program.slots(Slot.Role.INPUT).forEach(slot -> inputs.put(slot, drawn(slot, slot.rows(steps, BATCH), bound)));
    List<Slot> results = Stream.of(Slot.Role.OUTPUT, Slot.Role.STATE).flatMap(role -> program.slots(role).stream())
        .toList();
    Map<Slot, float[]> expected = run(one, program, inputs, steps, lengths);
    Map<Slot, float[]> actual = run(two, program, inputs, steps, lengths);
    results.forEach(slot -> {
      float[] wanted = expected.getOrDefault(slot, new float[0]);
      float[] given = actual.getOrDefault(slot, new float[1]);
      assertThat(Tolerance.of(program).compare(slot.toString(), slot.columns(), wanted, given).fault())
          .as(program.toString()).isEmpty();
    });
  }

  private static Map<Slot, float[]> run(Session session, Program program, Map<Slot, MemorySegment> inputs, int steps,
      int @Nullable [] lengths) {
    session.begin(steps, BATCH, lengths);
    inputs.forEach(session::write);
    session.forward();
    Map<Slot, float[]> values = new LinkedHashMap<>();
    for (Slot slot : program.slots(Slot.Role.OUTPUT)) {
      float[] target = new float[slot.rows(steps, BATCH) * slot.columns()];
      session.read(slot, MemorySegment.ofArray(target));
      values.put(slot, target);
    }
    for (Slot slot : program.slots(Slot.Role.STATE)) {
      float[] target = new float[BATCH * slot.columns()];
      session.readState(slot, 0, MemorySegment.ofArray(target));
      values.put(slot, target);
    }
    return values;
  }

  /** Numbers drawn from the slot's name; some of larger ones are at the edge. */
  private static MemorySegment drawn(Slot slot, int rows, float bound) {
    SplittableRandom random = new SplittableRandom(slot.name().hashCode());
    float[] values = new float[rows * slot.columns()];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) (bound * (2 * random.nextDouble() - 1));
    }
    for (int i = 0; bound > 1 && i < values.length; i += 37) {
      values[i] = new float[]{Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY, 0, -0f, 1e-40f, -1e-40f}[i
          % 7];
    }
    return MemorySegment.ofArray(values);
  }
}
