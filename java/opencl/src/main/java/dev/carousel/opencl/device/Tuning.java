package dev.carousel.opencl.device;

import dev.carousel.kit.UserCache;
import dev.carousel.opencl.driver.OpenClDevice;
import dev.carousel.opencl.driver.OpenClDevice.Kind;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jocl.CL;
import org.jocl.Pointer;
import org.jocl.Sizeof;

/**
 * Profiles that were measured on a device, in the user's cache: a properties file for each device and driver. One that is
 * not exactly what would be written, or that makes no sense for its device, counts as none; then the defaults hold, and
 * answers stay right.
 */
public final class Tuning {
  private static final String FORMAT = "1"; // goes up when a field comes to mean something else
  private static final long LONGEST = 1 << 14; // the bytes of a file that is read; those written take some hundreds
  private static final Set<Integer> TILE_ROWS = Set.of(2, 3, 4, 6); // that the kernels have loops for
  private static final int MOST_HOISTED = 1 << 10; // rows; their gates have to be stored for all steps
  private static final int MOST_CARRIED = 16; // rows; their sums have to be in registers

  private Tuning() {}

  /** What suits a device: as measured on it, or what is known of its kind. */
  public static Profile profile(OpenClDevice device) {
    return stored(device).orElseGet(() -> Profile.of(device));
  }

  /** What was measured on a device, where something was and can be used. */
  public static Optional<Profile> stored(OpenClDevice device) {
    try {
      Path file = file(device);
      return Files.exists(file) ? Optional.of(read(device, file)) : Optional.empty();
    } catch (IOException | IllegalArgumentException | ArithmeticException unusable) {
      System.getLogger(Tuning.class.getName()).log(Level.DEBUG, "The defaults of " + device.id() + " hold.", unusable);
      return Optional.empty();
    }
  }

  /** Keeps what was measured on a device, in place of what was kept before; returns where. */
  public static Path store(OpenClDevice device, Profile profile) throws IOException {
    problem(device, profile).ifPresent(problem -> {
      throw new IllegalArgumentException(problem);
    });
    Properties properties = new Properties();
    properties.putAll(texts(device, profile));
    ByteArrayOutputStream content = new ByteArrayOutputStream();
    properties.store(content, "What was measured to suit a device. Without this file the defaults of its kind hold.");
    Path file = file(device);
    UserCache.write(file, content.toByteArray());
    return file;
  }

  /** Goes back to the defaults; returns whether there was anything else. */
  public static boolean forget(OpenClDevice device) throws IOException {
    return Files.deleteIfExists(file(device));
  }

  private static Path file(OpenClDevice device) throws IOException {
    List<byte[]> key = List.of(device.name(), device.vendor(), device.version(), device.driver()).stream()
        .map(part -> (part + "\n").getBytes(StandardCharsets.UTF_8)).toList();
    return UserCache.folder("opencl-tuning").resolve(UserCache.hash(key) + ".properties");
  }

  private static Profile read(OpenClDevice device, Path file) throws IOException {
    if (Files.size(file) > LONGEST) {
      throw new IOException(file + " is of " + Files.size(file) + " bytes, which was not written here.");
    }
    Properties properties = new Properties();
    properties.load(new ByteArrayInputStream(Files.readAllBytes(file)));
    Map<String, String> texts = properties.stringPropertyNames().stream()
        .collect(Collectors.toMap(name -> name, properties::getProperty));
    Profile profile = Profile.of(device);
    for (Choice choice : Choice.values()) {
      profile = choice.with(profile, Long.parseLong(texts.getOrDefault(choice.field(), "")));
    }
    Optional<String> problem = texts.equals(texts(device, profile))
        ? problem(device, profile)
        : Optional.of(file + " was not written here for this device.");
    if (problem.isPresent()) {
      throw new IOException(problem.get());
    }
    return profile;
  }

  /** All that a file says. What is no choice stands there as well: a file is not for a device that differs in it. */
  private static Map<String, String> texts(OpenClDevice device, Profile profile) {
    Map<String, String> texts = new TreeMap<>(Map.of("format", FORMAT, "name", device.name(), "vendor",
        device.vendor(), "version", device.version(), "driver", device.driver(), "kind", profile.kind().name(), "fused",
        Boolean.toString(profile.fused()), "shared", Boolean.toString(profile.shared())));
    for (Choice choice : Choice.values()) {
      texts.put(choice.field(), Long.toString(choice.of(profile)));
    }
    return texts;
  }

  /** Why a device is not to be used in a way, if so. */
  public static Optional<String> problem(OpenClDevice device, Profile profile) {
    Profile usual = Profile.of(device);
    boolean same = profile.kind() == usual.kind() && profile.fused() == usual.fused()
        && profile.shared() == usual.shared();
    long most = device.llvmpipe() ? 0 : device.memory();
    boolean sound = same && profile.wholeBytes() >= 0 && profile.wholeBytes() <= most
        && (profile.kind() == Kind.CPU ? suits(device, profile) : suits(largestGroup(device), usual, profile));
    return sound ? Optional.empty() : Optional.of(profile + " makes no sense for " + device.id() + ".");
  }

  private static boolean suits(OpenClDevice device, Profile profile) {
    return Set.of(4, 8, 16).contains(profile.lanes()) && profile.lanes() <= device.lanes()
        && TILE_ROWS.contains(profile.tileRows()) && profile.hoistRows() > 0 && profile.hoistRows() <= MOST_HOISTED
        && profile.group() == 1 && profile.carried() == 1;
  }

  private static boolean suits(long largestGroup, Profile usual, Profile profile) {
    return profile.lanes() == usual.lanes() && profile.tileRows() == usual.tileRows()
        && profile.hoistRows() == usual.hoistRows() && Integer.bitCount(profile.group()) == 1
        && profile.group() > 0 && profile.group() <= largestGroup && profile.carried() > 0
        && profile.carried() <= MOST_CARRIED;
  }

  /** The most work-items of a group; 0 where the driver does not say. */
  private static long largestGroup(OpenClDevice device) {
    long[] largest = new long[1];
    int code = CL.clGetDeviceInfo(device.handle(), CL.CL_DEVICE_MAX_WORK_GROUP_SIZE, Sizeof.size_t,
        Pointer.to(largest), null);
    return code == CL.CL_SUCCESS ? largest[0] : 0;
  }
}
