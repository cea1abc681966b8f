package dev.carousel.opencl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.carousel.kit.UserCache;
import dev.carousel.opencl.device.Choice;
import dev.carousel.opencl.device.Profile;
import dev.carousel.opencl.device.Tuning;
import dev.carousel.opencl.driver.OpenClDevice;
import dev.carousel.opencl.driver.OpenClDevice.Kind;
import dev.carousel.opencl.driver.Platforms;
import dev.carousel.spi.Device;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.jocl.cl_device_id;
import org.jocl.cl_platform_id;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is kept of a measurement, and when it counts. */
final class TuningTest {
  @TempDir
  private Path cache;
  private Optional<String> before = Optional.empty();

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

  /** A processor that is not there: nothing here asks it for anything. */
  private static OpenClDevice processor(String driver) {
    return device(Kind.CPU, "a processor", "a vendor: of = processors \u00e9", driver, 8);
  }

  private static OpenClDevice card(String name, String vendor) {
    return device(Kind.GPU, name, vendor, "1", 1);
  }

  private static OpenClDevice device(Kind kind, String name, String vendor, String driver, int lanes) {
    return new OpenClDevice(new cl_platform_id(), new cl_device_id(), "opencl/none/0", name, vendor, "OpenCL 3.0",
        driver, kind, 4, lanes, 1L << 30, 1L << 28, 1 << 15, false, false, true, Optional.empty());
  }

  /** No field of it that may be chosen is that of the default. */
  private static Profile other(OpenClDevice device) {
    Profile usual = Profile.of(device);
    assertThat(usual).isEqualTo(new Profile(Kind.CPU, 8, 3, true, 32 << 20, 4, 1, 1, true));
    return new Profile(Kind.CPU, 4, 2, true, 128 << 20, 8, 1, 1, true);
  }

  @Test
  void whatWasMeasuredComesBackUntilItIsForgotten() throws IOException {
    OpenClDevice device = processor("1");
    assertThat(Tuning.stored(device)).isEmpty();
    assertThat(Tuning.profile(device)).isEqualTo(Profile.of(device));
    Path file = Tuning.store(device, other(device));
    assertThat(file).startsWith(cache);
    assertThat(Tuning.stored(device)).contains(other(device));
    assertThat(Tuning.profile(device)).isEqualTo(other(device));
    Tuning.store(device, Profile.of(device));
    assertThat(Tuning.stored(device)).contains(Profile.of(device));
    assertThat(Tuning.forget(device)).isTrue();
    assertThat(Tuning.forget(device)).isFalse();
    assertThat(Tuning.stored(device)).isEmpty();
  }

  @Test
  void whatWasMeasuredWithAnotherDriverDoesNotCount() throws IOException {
    OpenClDevice old = processor("1");
    OpenClDevice updated = processor("2");
    Path file = Tuning.store(old, other(old));
    assertThat(Tuning.stored(updated)).isEmpty();
    Files.copy(file, without(Tuning.store(updated, other(updated))));
    assertThat(Tuning.stored(updated)).as("under the right name too").isEmpty();
    assertThat(Tuning.stored(old)).isPresent();
  }

  private static Path without(Path file) throws IOException {
    Files.delete(file);
    return file;
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "no properties", "lanes=\\u12", "\0\0\0\0", "lanes=8"})
  void filesThatAreSomethingElseAreIgnored(String content) throws IOException {
    OpenClDevice device = processor("1");
    Path file = Tuning.store(device, other(device));
    Files.writeString(file, content);
    assertThat(Tuning.profile(device)).isEqualTo(Profile.of(device));
  }

  @Test
  void filesThatAreCutOrTooLongOrNoFilesAreIgnored() throws IOException {
    OpenClDevice device = processor("1");
    Path file = Tuning.store(device, other(device));
    String whole = Files.readString(file, StandardCharsets.ISO_8859_1);
    Files.writeString(file, whole.substring(0, whole.length() / 2));
    assertThat(Tuning.stored(device)).as("half of it").isEmpty();
    Files.writeString(file, whole + "#".repeat(1 << 20));
    assertThat(Tuning.stored(device)).as("a MiB more").isEmpty();
    Files.writeString(file, whole);
    assertThat(Tuning.stored(device)).as("whole again").isPresent();
    Files.createDirectory(without(file));
    assertThat(Tuning.stored(device)).as("a folder").isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"lanes, 5", "lanes, 1", "lanes, 16", "lanes, 99999999999", "lanes, +8", "lanes, eight", "tileRows, 5",
      "tileRows, 1", "hoistRows, 0", "hoistRows, 1000000", "wholeBytes, -1", "wholeBytes, 1073741825", "group, 64",
      "carried, 4", "kind, GPU", "kind, TPU", "fused, false", "shared, false", "shared, yes", "format, 0", "driver, 2"})
  void valuesThatMakeNoSenseAreIgnored(String field, String value) throws IOException {
    OpenClDevice device = processor("1");
    Path file = Tuning.store(device, other(device));
    String whole = Files.readString(file, StandardCharsets.ISO_8859_1);
    String changed = whole.replaceAll("(?m)^" + field + "=.*$", field + "=" + value);
    assertThat(changed).isNotEqualTo(whole);
    Files.writeString(file, changed);
    assertThat(Tuning.profile(device)).isEqualTo(Profile.of(device));
    Files.writeString(file, whole.replaceAll("(?m)^" + field + "=.*$", ""));
    assertThat(Tuning.stored(device)).as("without it").isEmpty();
    Files.writeString(file, whole + "another=1\n");
    assertThat(Tuning.stored(device)).as("with a field more").isEmpty();
  }

  @Test
  void whatMakesNoSenseIsNotStored() {
    OpenClDevice device = processor("1");
    assertThatThrownBy(() -> Tuning.store(device, Choice.TILE_ROWS.with(other(device), 5)))
        .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("tileRows=5")
        .hasMessageContaining("makes no sense for opencl/none/0");
  }

  @Test
  void aChoiceChangesItsFieldOnly() {
    Profile profile = new Profile(Kind.CPU, 8, 3, true, 32 << 20, 4, 1, 1, true);
    for (Choice choice : Choice.values()) {
      Profile changed = choice.with(profile, 2);
      assertThat(choice.of(changed)).isEqualTo(2);
      assertThat(choice.with(changed, choice.of(profile))).isEqualTo(profile);
    }
  }

  @Test
  void graphicsCardsAreToldApartByTheirVendors() {
    assertThat(Profile.of(card("A card", "NVIDIA Corporation")).group()).isEqualTo(256);
    assertThat(Profile.of(card("A card", "Advanced Micro Devices, Inc.")).group()).isEqualTo(256);
    assertThat(Profile.of(card("A card", "Intel(R) Corporation")).group()).isEqualTo(128);
    assertThat(Profile.of(card("A card", "Somebody else")).group()).isEqualTo(64);
    assertThat(Profile.of(card("llvmpipe (LLVM)", "Mesa")))
        .isEqualTo(new Profile(Kind.GPU, 1, 4, false, 0, 0, 64, 4, false));
  }

  @Test
  void theBackEndUsesWhatWasMeasured() throws IOException {
    OpenClDevice found = Platforms.find().stream().flatMap(platform -> platform.devices().stream())
        .filter(device -> device.unavailable().isEmpty() && device.kind() == Kind.CPU).findFirst().orElse(null);
    assumeTrue(found != null, "There is no processor among the OpenCL devices of this machine.");
    Device device = new Device(found.id(), "", 0, Optional.empty());
    Profile tuned = Choice.HOIST_ROWS.with(Profile.of(found), 7);
    assertThat(opened(device)).isEqualTo(Profile.of(found));
    Tuning.store(found, tuned);
    assertThat(opened(device)).isEqualTo(tuned).isNotEqualTo(Profile.of(found));
  }

  private static Profile opened(Device device) {
    try (OpenClBackend backend = (OpenClBackend) new OpenClProvider().open(device)) {
      return backend.opened().profile();
    }
  }
}
