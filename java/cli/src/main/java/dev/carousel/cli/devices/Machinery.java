package dev.carousel.cli.devices;

import dev.carousel.Devices;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * The devices of a machine, and how to use those that may crash.
 *
 * @param places the devices that there are, and where each can be used
 * @param launch how a process is started in which a device is alone
 */
public record Machinery(Places places, Launch launch) {
  /** All devices. */
  @FunctionalInterface
  public interface Places {
    List<Place> all() throws IOException, InterruptedException;
  }

  /** This machine's, for a command that starts with a main class. */
  public static Machinery of(Class<?> main) {
    return new Machinery(Machinery::here, Launch.of(main));
  }

  private static List<Place> here() throws IOException, InterruptedException {
    List<Place> places = new ArrayList<>();
    Devices.list(backEnd -> !backEnd.equals(DeviceChoice.OPENCL)).forEach(device -> places.add(Place.here(device)));
    places.addAll(new Drivers(System.getenv()).places());
    places.sort(Comparator.comparing(Place::device, Devices.ORDER));
    return places;
  }
}
