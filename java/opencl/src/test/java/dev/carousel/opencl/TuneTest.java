package dev.carousel.opencl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.carousel.kit.Fusion;
import dev.carousel.kit.UserCache;
import dev.carousel.opencl.Tuner.Effort;
import dev.carousel.opencl.device.Choice;
import dev.carousel.opencl.device.Profile;
import dev.carousel.opencl.device.Tuning;
import dev.carousel.opencl.driver.OpenClDevice;
import dev.carousel.opencl.driver.OpenClDevice.Kind;
import dev.carousel.opencl.driver.OpenClException;
import dev.carousel.opencl.driver.Platforms;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The command that tunes, with so little to do that what it finds means nothing. */
final class TuneTest {
  private static final Effort LITTLE = new Effort(1, 16);

  @TempDir
  private Path cache;
  private Optional<String> before = Optional.empty();
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream errors = new ByteArrayOutputStream();

  @BeforeEach
  void keepFilesApart() {
    before = Optional.ofNullable(System.getProperty(UserCache.PROPERTY));
    System.setProperty(UserCache.PROPERTY, cache.toString());
  }

  @AfterEach
  void restoreTheCache() {
    before.ifPresentOrElse(folder -> System.setProperty(UserCache.PROPERTY, folder),
        () -> System.clearProperty(UserCache.PROPERTY));
  }

  private int tune(String... arguments) {
    out.reset();
    errors.reset();
    return new Tune(print(out), print(errors), LITTLE).run(arguments);
  }

  private static PrintStream print(ByteArrayOutputStream to) {
    return new PrintStream(to, true, StandardCharsets.UTF_8);
  }

  private String printed() {
    return out.toString(StandardCharsets.UTF_8);
  }

  private String complained() {
    return errors.toString(StandardCharsets.UTF_8);
  }

  private static OpenClDevice processor() {
    List<OpenClDevice> devices = Platforms.find().stream().flatMap(found -> found.devices().stream())
        .filter(device -> device.unavailable().isEmpty() && !device.simulated() && device.kind() == Kind.CPU).toList();
    assumeTrue(!devices.isEmpty(), "There is no processor among the OpenCL devices of this machine.");
    return devices.getFirst();
  }

  /** The same, taken for a graphics card. */
  private static OpenClDevice card() {
    OpenClDevice found = processor();
    return new OpenClDevice(found.platform(), found.handle(), found.id(), found.name(), found.vendor(), found.version(),
        found.driver(), Kind.GPU, found.units(), 1, found.memory(), found.largest(), found.local(), found.halves(),
        found.doubles(), false, Optional.empty());
  }

  @Test
  void helpIsPrinted() {
    assertThat(tune("--help", "whatever")).isZero();
    assertThat(printed()).startsWith("usage: Tune ").contains("Exit status");
  }

  @Test
  void aWrongCommandSaysWhatIsWrong() {
    assertThat(tune("--fast")).isEqualTo(2);
    assertThat(complained()).startsWith("--fast is no option.\nusage:");
    assertThat(tune("--list", "--reset")).isEqualTo(2);
    assertThat(complained()).startsWith("One of [--list, --reset] at a time.\nusage:");
    assertThat(tune("opencl/nowhere/7")).isEqualTo(2);
    assertThat(complained()).startsWith("There is no device opencl/nowhere/7. Those there are: [");
    assertThat(printed()).isEmpty();
  }

  @Test
  void aProcessorIsTunedListedAndReset() {
    OpenClDevice device = processor();
    assertThat(tune(device.id())).as("%s", errors).isZero();
    assertThat(printed()).contains("lanes of " + device.id(), "tileRows of ", "hoistRows of ", "wholeBytes of ",
        "\ndefault ", "\nwinner ", "Stored in " + cache);
    assertThat(complained()).isEmpty();
    Profile winner = Tuning.stored(device).orElseThrow();
    assertThat(tune("--list")).isZero();
    assertThat(printed()).contains(device.id() + ": " + device.description(),
        "  default: " + Tuner.describe(Profile.of(device)), "  tuned:   " + Tuner.describe(winner));
    assertThat(tune("--reset", device.id())).isZero();
    assertThat(printed()).isEqualTo(device.id() + " is used by its defaults again.\n");
    assertThat(tune("--reset", device.id())).isZero();
    assertThat(printed()).isEqualTo(device.id() + " was not tuned.\n");
    assertThat(tune("--list", device.id())).isZero();
    assertThat(printed()).contains("  default: ").doesNotContain("tuned:");
  }

  @Test
  void aGraphicsCardIsTunedInItsOwnFields() {
    OpenClDevice device = card();
    Profile winner = new Tuner(device, LITTLE, print(out)).tune();
    assertThat(printed()).contains("group of ", "carried of ", "wholeBytes of ").doesNotContain("lanes", "is out");
    assertThat(Tuning.problem(device, winner)).isEmpty();
  }

  @Test
  void aWayThatDoesNotRunOrIsNotRightIsOutWithItsReason() {
    OpenClDevice device = processor();
    Profile usual = Profile.of(device);
    Profile wrong = Choice.LANES.with(usual, 5); // there is no such vector: some results are left out
    Profile broken = new Profile(Kind.GPU, 1, 4, true, 1 << 20, 0, 1 << 20, 4, false); // nor such a work-group
    List<String> reasons = new ArrayList<>();
    List<Workload> layers = List.of(new Workload(1, 16, 16, 2), new Workload(3, 16, 16, 2));
    Timing timing = Timing.of(device, 1, List.of(usual, wrong, broken, Choice.HOIST_ROWS.with(usual, 1)), layers,
        (profile, reason) -> reasons.add(profile.lanes() + ": " + reason));
    assertThat(timing.ways()).hasSize(2).allMatch(way -> way.milliseconds().size() == 2)
        .allMatch(way -> way.profile().lanes() == usual.lanes());
    assertThat(reasons).hasSize(2).noneMatch(reason -> reason.contains("\n"));
    assertThat(reasons.getFirst()).startsWith("5: It computes ");
    assertThat(reasons.getLast()).startsWith("1: clEnqueueNDRangeKernel of scan")
        .contains("CL_INVALID_WORK_GROUP_SIZE");
    assertThatThrownBy(() -> Timing.of(device, 1, List.of(broken, usual), layers, (_, _) -> {}))
        .isInstanceOf(OpenClException.class);
  }

  @ParameterizedTest
  @EnumSource(Choice.class)
  void layersAreRecognisedAndShowTheirChoice(Choice choice) {
    for (Kind kind : Kind.values()) {
      Profile profile = new Profile(kind, 16, 6, true, kind == Kind.CPU ? 32 << 20 : 1 << 20, 4, 64, 4, false);
      List<Workload> layers = Workload.of(choice, kind, 2);
      assertThat(layers).allSatisfy(layer -> assertThat(Fusion.of(layer.program()).parts()).singleElement()
          .isInstanceOf(Fusion.Layers.class));
      for (long value : choice.values(kind)) {
        Profile other = choice.with(profile, value);
        assertThat(layers.stream().anyMatch(layer -> layer.tells(profile, other, 2))).as("%s %d", choice, value)
            .isEqualTo(!other.equals(profile));
      }
    }
  }
}
