package dev.carousel.opencl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.management.ThreadMXBean;
import dev.carousel.Lstm;
import dev.carousel.Network;
import dev.carousel.opencl.device.KernelSource;
import dev.carousel.opencl.device.Profile;
import dev.carousel.opencl.driver.OpenClDevice;
import dev.carousel.opencl.driver.OpenClException;
import dev.carousel.opencl.driver.Platforms;
import dev.carousel.spi.CompileOptions;
import dev.carousel.spi.Device;
import dev.carousel.spi.Executable;
import dev.carousel.spi.Session;
import dev.carousel.spi.form.Program;
import dev.carousel.spi.form.Slot;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a device is asked for, given back, told and kept from start to start. */
final class OpenClResourcesTest {
  private static final int STEPS = 4;
  private static final int BATCH = 3;
  private static final int WIDTH = 16;
  private static final Program PROGRAM = Network.of(Lstm.of(WIDTH, WIDTH).bidirectional(), Lstm.of(2 * WIDTH, WIDTH))
      .lower().program();
  private static final Slot INPUT = PROGRAM.slots(Slot.Role.INPUT).getFirst();
  private static final Slot OUTPUT = PROGRAM.slots(Slot.Role.OUTPUT).getFirst();
  private static final MemorySegment IN = MemorySegment.ofArray(new float[STEPS * BATCH * WIDTH]);
  private static final MemorySegment OUT = MemorySegment.ofArray(new float[STEPS * BATCH * WIDTH]);

  @TempDir
  private Path cache;
  private Optional<String> before = Optional.empty();

  @BeforeEach
  void keepFilesApart() {
    before = Optional.ofNullable(System.getProperty("carousel.cache"));
    System.setProperty("carousel.cache", cache.toString());
  }

  @AfterEach
  void restoreTheCache() {
    before.ifPresentOrElse(folder -> System.setProperty("carousel.cache", folder),
        () -> System.clearProperty("carousel.cache"));
  }

  /** The first device that may be used, with memory that is shared with the host or is not. */
  private static OpenClBackend open(boolean shared) {
    List<OpenClDevice> devices = Platforms.find().stream().flatMap(found -> found.devices().stream())
        .filter(device -> device.unavailable().isEmpty() && !device.simulated()).toList();
    assumeTrue(!devices.isEmpty(), "There is no OpenCL device on this machine, or simulated ones only.");
    OpenClDevice found = devices.getFirst();
    Profile usual = Profile.of(found);
    assumeTrue(!shared || usual.shared(), found.id() + " does not share its memory with the host.");
    return OpenClBackend.open(new Device(found.id(), "", 0, Optional.empty()), found, shared ? usual : apart(usual));
  }

  private static Profile apart(Profile usual) {
    return new Profile(usual.kind(), usual.lanes(), usual.tileRows(), usual.fused(), usual.wholeBytes(),
        usual.hoistRows(), usual.group(), usual.carried(), false);
  }

  private static Executable compile(OpenClBackend backend) {
    return backend.compile(PROGRAM, new CompileOptions(2),
        slot -> MemorySegment.ofArray(new float[slot.rows() * slot.columns()]));
  }

  private static void run(Session session, int @Nullable [] lengths) {
    session.resetState(0, BATCH);
    session.begin(STEPS, BATCH, lengths);
    session.write(INPUT, IN);
    session.forward();
    session.read(OUTPUT, OUT);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void everyObjectIsReleasedInWhateverOrderThingsAreClosed(boolean shared) {
    OpenClBackend backend = open(shared);
    Executable executable = compile(backend);
    Session first = executable.newSession(STEPS, BATCH);
    Session second = executable.newSession(STEPS, BATCH);
    run(first, new int[]{4, 0, 2});
    assertThat(backend.opened().ledger().live()).isPositive();
    backend.close();
    first.close();
    executable.close();
    assertThatThrownBy(() -> run(second, new int[]{1, 1, 1})).isInstanceOf(IllegalStateException.class);
    second.close();
    second.close();
    assertThat(backend.opened().ledger().live()).isZero();
  }

  @Test
  void whatIsTooLargeIsRefusedWithBothNumbersAndLeavesNothingBehind() {
    OpenClBackend backend = open(false);
    try (Executable executable = compile(backend)) {
      long live = backend.opened().ledger().live();
      long largest = backend.opened().device().largest();
      int steps = Math.toIntExact(largest / (4L * WIDTH * 1000) + 1);
      assertThatThrownBy(() -> executable.newSession(steps, 1000)).isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("takes " + 4L * WIDTH * 1000 * steps + " bytes for input")
          .hasMessageContaining("is of " + largest);
      assertThat(backend.opened().ledger().live()).isEqualTo(live);
    }
    backend.close();
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aCallAllocatesNothing(boolean shared) {
    OpenClBackend backend = open(shared);
    try (Executable executable = compile(backend); Session session = executable.newSession(STEPS, BATCH)) {
      assertThat(bytes(() -> run(session, null))).as("all of a length").isZero();
      int[] lengths = {4, 1, 2};
      assertThat(bytes(() -> run(session, lengths))).as("mixed lengths").isZero();
      MemorySegment[] parts = new MemorySegment[STEPS + 1];
      Arrays.setAll(parts, steps -> MemorySegment.ofArray(new float[steps * BATCH * WIDTH]));
      assertThat(bytes(() -> {
        for (int steps = 1; steps <= STEPS; steps++) {
          session.begin(steps, BATCH, null);
          session.write(INPUT, parts[steps]);
          session.forward();
          session.read(OUTPUT, parts[steps]);
        }
      })).as("sizes up and down").isZero();
    }
    backend.close();
  }

  /** The bytes that a call allocates once the compiler is done with it: the least of several counts. */
  private static long bytes(Runnable call) {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    for (int i = 0; i < 12_000; i++) {
      call.run();
    }
    long least = Long.MAX_VALUE;
    for (int attempt = 0; attempt < 5; attempt++) {
      long start = threads.getCurrentThreadAllocatedBytes();
      for (int i = 0; i < 500; i++) {
        call.run();
      }
      least = Math.min(least, threads.getCurrentThreadAllocatedBytes() - start);
    }
    return least / 500;
  }

  /** A run is a thousand times as long as it takes to enqueue it. */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aRunGoesOnWhenForwardReturnsAndAnotherSessionTakesItsInputsMeanwhile(boolean shared) {
    Program program = Network.of(Lstm.of(512, 512)).lower().program();
    Slot input = program.slots(Slot.Role.INPUT).getFirst();
    MemorySegment in = MemorySegment.ofArray(new float[200 * 32 * 512]);
    OpenClBackend backend = open(shared);
    try (Executable executable = backend.compile(program, new CompileOptions(1),
        slot -> MemorySegment.ofArray(new float[slot.rows() * slot.columns()]));
        Session session = executable.newSession(200, 32);
        Session other = executable.newSession(1, 1)) {
      for (int warm = 0; warm < 2; warm++) {
        session.begin(200, 32, null);
        session.write(input, in);
        long start = System.nanoTime();
        session.forward();
        long enqueued = System.nanoTime() - start;
        other.begin(1, 1, null);
        other.write(input, in.asSlice(0, 4 * 512));
        long written = System.nanoTime() - start;
        session.read(program.slots(Slot.Role.OUTPUT).getFirst(), MemorySegment.ofArray(new float[200 * 32 * 512]));
        long all = System.nanoTime() - start;
        if (warm > 0) { // the first one compiles
          assertThat(enqueued).isLessThan(all / 2);
          assertThat(written).isLessThan(all / 2);
        }
      }
    }
    backend.close();
  }

  @Test
  void compiledKernelsAreKeptAndDamagedOnesMadeAgain() throws IOException {
    start();
    List<Path> files = files();
    assertThat(files).isNotEmpty();
    List<byte[]> whole = contents(files);
    for (int i = 0; i < files.size(); i++) {
      byte[] content = whole.get(i).clone();
      switch (i % 3) {
        case 0 -> content[content.length / 2] ^= 1;
        case 1 -> content = new byte[0];
        default -> content = Arrays.copyOf(content, content.length / 2);
      }
      Files.write(files.get(i), content);
    }
    start();
    assertThat(files()).isEqualTo(files);
    assertThat(contents(files).stream().map(one -> one.length).toList())
        .isEqualTo(whole.stream().map(one -> one.length).toList());
    List<FileTime> repaired = times(files);
    start();
    assertThat(times(files)).as("a third start writes nothing").isEqualTo(repaired);
  }

  private static void start() {
    OpenClBackend backend = open(false);
    try (Executable executable = compile(backend); Session session = executable.newSession(STEPS, BATCH)) {
      run(session, new int[]{4, 1, 2});
    }
    backend.close();
  }

  private List<Path> files() throws IOException {
    try (Stream<Path> files = Files.walk(cache)) {
      return files.filter(Files::isRegularFile).sorted().toList();
    }
  }

  private static List<byte[]> contents(List<Path> files) throws IOException {
    List<byte[]> contents = new ArrayList<>();
    for (Path file : files) {
      contents.add(Files.readAllBytes(file));
    }
    return contents;
  }

  private static List<FileTime> times(List<Path> files) throws IOException {
    List<FileTime> times = new ArrayList<>();
    for (Path file : files) {
      times.add(Files.getLastModifiedTime(file));
    }
    return times;
  }

  @Test
  void aKernelThatDoesNotCompileIsShownWithItsDeviceAndTheCompilersWords() {
    OpenClBackend backend = open(false);
    assertThatThrownBy(() -> backend.opened().program(KernelSource.SOFTMAX, " -Dfloat=nonsense"))
        .isInstanceOf(OpenClException.class).hasMessageContaining("Kernel softmax").hasMessageContaining(
            backend.device().id())
        .hasMessageContaining("CL_BUILD_PROGRAM_FAILURE").hasMessageContaining("nonsense");
    backend.close();
    assertThat(backend.opened().ledger().live()).isZero();
  }

  @Test
  void anErrorIsNamedWithItsCall() {
    assertThatThrownBy(() -> OpenClException.check("clFinish", -36))
        .hasMessage("clFinish failed with CL_INVALID_COMMAND_QUEUE (-36).");
  }
}
