package dev.carousel.cli.devices;

import dev.carousel.Devices;
import dev.carousel.cli.console.WrongCall;
import dev.carousel.spi.Device;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/**
 * The device that a command runs on: the one that is named, else that of {@code -Dcarousel.device}, else the best. OpenCL
 * is never the best, and to look for its drivers takes time, so it is asked only for what is its own.
 */
public final class DeviceChoice {
  static final String OPENCL = "opencl";

  private static final String REFERENCE = "reference";

  @Option(names = {"-d", "--device"}, paramLabel = "ID", description = {"The device to run on, as 'carousel devices'"
      + " names it; the best of this machine's processor where none is given."})
  private @Nullable String id;

  /** For picocli. */
  public DeviceChoice() {}

  /** The device, available or not. */
  public Device device() {
    String wanted = id == null ? System.getProperty(Devices.PROPERTY) : id;
    return wanted == null ? Devices.list(backEnd -> !backEnd.equals(OPENCL)).getFirst() : byId(wanted);
  }

  /** Why nothing better than the reference was taken, where that was nobody's wish. */
  public Optional<String> fallback(Device taken) {
    if (id != null || System.getProperty(Devices.PROPERTY) != null || !taken.id().equals(REFERENCE)) {
      return Optional.empty();
    }
    return Devices.list(backEnd -> !backEnd.equals(OPENCL)).stream().max(Comparator.comparingInt(Device::priority))
        .flatMap(best -> best.unavailable()
            .map(reason -> best.id() + " cannot be used, and " + REFERENCE + " is in its place: " + reason));
  }

  private static Device byId(String wanted) {
    String backEnd = wanted.replaceFirst("/.*", "");
    List<Device> asked = Devices.list(backEnd::equals);
    return asked.stream().filter(device -> device.id().equals(wanted)).findFirst().orElseThrow(() -> {
      List<Device> there = asked.isEmpty() ? Devices.list(name -> !name.equals(OPENCL)) : asked;
      return WrongCall.of("There is no device %s. There are %s; 'carousel devices' says more.", wanted,
          String.join(", ", there.stream().map(Device::id).toList()));
    });
  }
}
