package dev.carousel.cli.verify;

import dev.carousel.Devices;
import dev.carousel.cli.devices.Drivers;
import dev.carousel.cli.devices.Place;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * What a verification needs of the machine.
 *
 * @param places the devices that there are, and where each can be used
 * @param launch how a process is started in which a device is alone
 */
record Machinery(Places places, Launch launch) {
  private static final String OPENCL = "opencl";

  /** All devices. */
  @FunctionalInterface
  interface Places {
    List<Place> all() throws IOException, InterruptedException;
  }

  /** This machine's, for a command that starts with a main class. */
  static Machinery of(Class<?> main) {
    return new Machinery(Machinery::here, Launch.of(main));
  }

  private static List<Place> here() throws IOException, InterruptedException {
    List<Place> places = new ArrayList<>();
    Devices.list(backEnd -> !backEnd.equals(OPENCL)).forEach(device -> places.add(Place.here(device)));
    places.addAll(new Drivers(System.getenv()).places());
    places.sort(Comparator.comparing(Place::device, Devices.ORDER));
    return places;
  }
}
