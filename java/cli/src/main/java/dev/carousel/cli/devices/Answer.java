package dev.carousel.cli.devices;

import dev.carousel.formats.data.FormatException;
import dev.carousel.formats.json.Json;
import dev.carousel.spi.Device;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Devices as JSON, and back. */
final class Answer {
  private Answer() {}

  /** A device: its unavailable stands there only where it cannot be used. */
  static Json json(Device device) {
    Map<String, Object> members = new LinkedHashMap<>();
    members.put("id", device.id());
    members.put("description", device.description());
    members.put("priority", device.priority());
    device.unavailable().ifPresent(reason -> members.put("unavailable", reason));
    return Json.of(members);
  }

  /** The devices of an array. */
  static List<Device> devices(String text) throws FormatException {
    List<Device> devices = new java.util.ArrayList<>();
    for (Json device : Json.parse(text).items()) {
      Optional<Json> unavailable = device.find("unavailable");
      devices.add(new Device(device.get("id").text(), device.get("description").text(),
          Math.toIntExact(device.get("priority").whole()),
          unavailable.isPresent() ? Optional.of(unavailable.get().text()) : Optional.empty()));
    }
    return devices;
  }
}
