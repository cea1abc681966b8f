package dev.carousel.opencl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.carousel.Dense;
import dev.carousel.Devices;
import dev.carousel.Initialisation;
import dev.carousel.Lstm;
import dev.carousel.Model;
import dev.carousel.Network;
import dev.carousel.Predictor;
import dev.carousel.Weights;
import dev.carousel.opencl.driver.OpenClException;
import dev.carousel.spi.Backend;
import dev.carousel.spi.BackendProvider;
import dev.carousel.spi.CompileOptions;
import dev.carousel.spi.Device;
import dev.carousel.spi.Executable;
import dev.carousel.spi.form.Program;
import dev.carousel.spi.form.Slot;
import java.io.File;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What becomes of a model whose device is lost: native/test/lost_device.c before PoCL. Each is lost in a JVM of its own,
 * which says what it saw, a line each, and has to end by itself.
 */
@EnabledOnOs(value = OS.LINUX, disabledReason = "a library takes the place of the loader only on Linux")
final class LostDeviceTest {
  private static final Path POCL = Path.of("/etc/OpenCL/vendors/pocl.icd");
  private static final String LOADER = "libOpenCL.so.1";
  private static final String LOST = "failed with CL_OUT_OF_RESOURCES (-5).";
  private static final String ANY_CALL = "cl[A-Z][A-Za-z]+ .*" + Pattern.quote(LOST);
  private static final String UNKNOWN = "IllegalStateException: An earlier run of this session failed midway, and its"
      + " state is unknown. Close it and make a new one.";
  private static final List<String> ENDS = List.of("objects left: 0", "reference: still right", "ended");

  private static final String PRESENT = "opencl/pocl/0";

  @TempDir
  private static Path cache;
  @TempDir
  private Path folder;

  /** PoCL's device, which says how many of its objects are left when it is closed. */
  public static final class CountedProvider implements BackendProvider {
    private static final String ID = "counted";

    private record Counted(OpenClBackend real) implements Backend {
      @Override
      public Device device() {
        return real.device();
      }

      @Override
      public Set<Promise> promises() {
        return real.promises();
      }

      @Override
      public List<String> unsupported(Program program, CompileOptions options) {
        return real.unsupported(program, options);
      }

      @Override
      public Executable compile(Program program, CompileOptions options, Function<Slot, MemorySegment> parameters) {
        return real.compile(program, options, parameters);
      }

      @Override
      public void close() {
        real.close();
        System.out.println("objects left: " + real.opened().ledger().live());
      }
    }

    @Override
    public String name() {
      return ID;
    }

    @Override
    public List<Device> devices() {
      return List.of(new Device(ID, "opencl/pocl/0, counted", 0, Optional.empty()));
    }

    @Override
    public Backend open(Device device) {
      return new Counted((OpenClBackend) new OpenClProvider().open(Devices.byId("opencl/pocl/0")));
    }
  }

  /** Runs a model until its device is lost, and then all that may still be asked of it. */
  static final class User {
    private static final int STEPS = 6;
    private static final int BATCH = 3;
    private static final int INPUTS = 8;
    private static final int OUTPUTS = 4;
    private static final int PATIENCE = 100;
    private static final Network NETWORK = Network.of(Lstm.of(INPUTS, 16), Lstm.of(16, 8).bidirectional(),
        Dense.of(16, OUTPUTS).softmax());
    private static final Weights WEIGHTS = Weights.seeded(NETWORK, Initialisation.PYTORCH, 42);

    private final Predictor reference;
    private final int @Nullable [] lengths;

    private User(Predictor reference, boolean mixed) {
      this.reference = reference;
      lengths = mixed ? new int[]{4, 0, STEPS} : null;
    }

    /** Takes whether its sequences are of mixed lengths. */
    public static void main(String[] arguments) {
      try (Model model = Model.compile(NETWORK, WEIGHTS, Devices.byId("reference"));
          Predictor reference = model.newPredictor(STEPS, BATCH)) {
        User user = new User(reference, Boolean.parseBoolean(arguments[0]));
        user.use();
        user.check(reference, PATIENCE);
        System.out.println("reference: still right");
      }
      System.out.println("ended");
    }

    private void use() {
      Model model;
      try {
        model = Model.compile(NETWORK, WEIGHTS, Devices.byId(CountedProvider.ID));
      } catch (OpenClException failure) {
        System.out.println("compile: " + failure.getMessage());
        return;
      }
      try (model; Predictor predictor = model.newPredictor(STEPS, BATCH)) {
        say("predict", () -> untilLost(predictor));
        say("predict again", () -> check(predictor, 0));
        say("advance", () -> {
          predictor.states().reset(); // one of its layers reads backwards
          predictor.advance(data(0), STEPS, BATCH, lengths, new float[STEPS * BATCH * OUTPUTS]);
        });
        say("another predictor", () -> {
          try (Predictor another = model.newPredictor(STEPS, BATCH)) {
            check(another, 0);
          }
        });
      }
    }

    private static void say(String what, Runnable call) {
      try {
        call.run();
        System.out.println(what + ": done");
      } catch (OpenClException | IllegalStateException failure) {
        System.out.println(what + ": " + failure.getClass().getSimpleName() + ": " + failure.getMessage());
      }
    }

    private void untilLost(Predictor predictor) {
      for (int i = 0; i < PATIENCE; i++) {
        check(predictor, i);
      }
    }

    /** A call that gives an answer gives the right one; one that throws gives none. */
    private void check(Predictor predictor, int turn) {
      float[] expected = new float[STEPS * BATCH * OUTPUTS];
      reference.predict(data(turn), STEPS, BATCH, lengths, expected);
      float[] result = new float[expected.length];
      Arrays.fill(result, Float.NaN);
      try {
        predictor.predict(data(turn), STEPS, BATCH, lengths, result);
      } catch (OpenClException | IllegalStateException failure) {
        for (float value : result) {
          require(Float.isNaN(value), "a call that fails writes nothing");
        }
        throw failure;
      }
      for (int i = 0; i < result.length; i++) {
        require(Math.abs(result[i] - expected[i]) < 1e-5, "call " + turn + " gives the right answer");
      }
    }

    private static void require(boolean holds, String what) {
      if (!holds) {
        throw new AssertionError(what);
      }
    }

    /** Inputs that are others in each turn, so that old answers are wrong ones. */
    private static float[] data(int turn) {
      Random random = new Random(turn);
      float[] data = new float[STEPS * BATCH * INPUTS];
      for (int i = 0; i < data.length; i++) {
        data[i] = (float) random.nextGaussian();
      }
      return data;
    }
  }

  /** Has the kernels compiled and kept, which takes launches that are not to be counted. */
  @BeforeAll
  static void compileKernels() {
    if (Files.exists(POCL) && Devices.list().stream().anyMatch(device -> device.id().equals(PRESENT))) {
      Optional<String> before = Optional.ofNullable(System.getProperty("carousel.cache"));
      System.setProperty("carousel.cache", cache.toString());
      try (Model model = Model.compile(User.NETWORK, User.WEIGHTS, Devices.byId(PRESENT))) {
        model.newPredictor(User.STEPS, User.BATCH).close();
      } finally {
        before.ifPresentOrElse(folder -> System.setProperty("carousel.cache", folder),
            () -> System.clearProperty("carousel.cache"));
      }
    }
  }

  /** The words of a compiler that succeeds. */
  private static String cc(String... arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of("cc"));
    command.addAll(List.of(arguments));
    Process cc = new ProcessBuilder(command).redirectErrorStream(true).start();
    String words = new String(cc.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
    assertThat(cc.waitFor()).as("the exit code of %s, which says %s", command, words).isZero();
    return words;
  }

  /**
   * Compiles the loader to the name that JOCL opens first. It needs the system's, which has the same name, by its path:
   * the linker notes what a library says it is called, so an empty one that says just this is linked with.
   */
  private void compile() throws IOException, InterruptedException {
    assumeTrue(Arrays.stream(System.getenv("PATH").split(File.pathSeparator, -1))
        .anyMatch(place -> Files.isExecutable(Path.of(place, "cc"))), "There is no C compiler named cc on the path.");
    Path system = Path.of(cc("-print-file-name=" + LOADER)).normalize();
    assumeTrue(system.isAbsolute(), () -> "The compiler finds no " + LOADER + ": install Debian's ocl-icd-libopencl1.");
    Path root = Path.of(Objects.requireNonNull(System.getProperty("carousel.root"), "carousel.root, the checkout"));
    String empty = folder.resolve("empty.so").toString();
    cc("-shared", "-x", "c", "/dev/null", "-Wl,-soname," + system, "-o", empty);
    cc("-shared", "-fPIC", "-Wall", "-Wextra", "-Wconversion", "-Werror", "-Wl,--no-as-needed", "-o",
        folder.resolve(LOADER).toString(), root.resolve("native/test/lost_device.c").toString(), empty, "-ldl");
  }

  /** What a user says whose device is lost, as the environment says; an exit code other than 0 is a failure. */
  private List<String> lose(boolean mixed, Map<String, String> environment) throws IOException, InterruptedException {
    assumeTrue(Files.exists(POCL), () -> "There is no " + POCL + ": install PoCL, Debian's pocl-opencl-icd.");
    compile();
    Path services = Files.createDirectories(folder.resolve("META-INF/services"));
    Files.writeString(services.resolve(BackendProvider.class.getName()), CountedProvider.class.getName());
    Path output = folder.resolve("output.txt");
    Path errors = folder.resolve("errors.txt");
    ProcessBuilder builder = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "--enable-native-access=ALL-UNNAMED", "-Dcarousel.cache=" + cache, "-cp",
        folder + File.pathSeparator
            + System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
        User.class.getName(), String.valueOf(mixed));
    builder.environment().keySet().removeIf(name -> name.startsWith("OCL_ICD_") || name.startsWith("CAROUSEL_"));
    builder.environment().put("OCL_ICD_VENDORS", POCL.toString());
    builder.environment().put("LD_LIBRARY_PATH", folder.toString());
    builder.environment().putAll(environment);
    Process process = builder.redirectOutput(output.toFile()).redirectError(errors.toFile()).start();
    try {
      assertThat(process.waitFor(60, TimeUnit.SECONDS)).as("the JVM ends").isTrue();
    } finally {
      process.destroyForcibly();
    }
    List<String> lines = Files.readAllLines(output);
    assertThat(process.exitValue()).as("exit code, with %s and %s", lines, Files.readString(errors)).isZero();
    return lines;
  }

  private static Map<String, String> after(int launches, boolean shared) {
    Map<String, String> environment = new HashMap<>(Map.of("CAROUSEL_LOST_AFTER", String.valueOf(launches)));
    if (!shared) {
      environment.put("CAROUSEL_APART", "yes");
    }
    return environment;
  }

  private static Map<String, String> at(String call, boolean shared) {
    Map<String, String> environment = after(20, shared);
    environment.put("CAROUSEL_LOST_AT", call);
    return environment;
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aDeviceThatIsLostFromTheStartFailsTheCompilation(boolean shared) throws Exception {
    assertThat(lose(false, after(0, shared))).containsExactly(ENDS.get(0), "compile: clEnqueueWriteBuffer " + LOST,
        ENDS.get(1), ENDS.get(2));
  }

  @ParameterizedTest
  @CsvSource({"1, true, false", "2, true, true", "5, true, false", "20, true, true", "1, false, false",
      "2, false, true", "5, false, false", "20, false, true"})
  void aDeviceThatIsLostInARunFailsThePredictorForGood(int launches, boolean shared, boolean mixed) throws Exception {
    List<String> lines = lose(mixed, after(launches, shared));
    assertThat(lines).hasSize(4 + ENDS.size()).endsWith(ENDS.toArray(String[]::new));
    assertThat(lines.get(0)).matches("predict: OpenClException: " + ANY_CALL);
    assertThat(lines.subList(1, 3)).containsExactly("predict again: " + UNKNOWN, "advance: " + UNKNOWN);
    assertThat(lines.get(3)).matches("another predictor: OpenClException: " + ANY_CALL);
  }

  @ParameterizedTest
  @CsvSource({"clEnqueueNDRangeKernel, true, false", "clFlush, true, false", "clFinish, true, false",
      "clFinish, true, true", "clEnqueueCopyBuffer, true, true", "clEnqueueReadBuffer, false, false",
      "clEnqueueWriteBuffer, false, false", "clEnqueueCopyBuffer, false, false"})
  void aLossIsNoticedAtWhicheverCallItHappens(String call, boolean shared, boolean mixed) throws Exception {
    List<String> lines = lose(mixed, at(call, shared));
    assertThat(lines).hasSize(4 + ENDS.size()).endsWith(ENDS.toArray(String[]::new));
    assertThat(lines.get(0)).startsWith("predict: OpenClException: " + call + " ").endsWith(LOST);
    assertThat(lines.subList(1, 4)).allMatch(line -> line.endsWith(LOST) || line.endsWith(UNKNOWN));
  }
}
