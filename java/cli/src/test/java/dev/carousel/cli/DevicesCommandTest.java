package dev.carousel.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carousel.Devices;
import dev.carousel.formats.json.Json;
import dev.carousel.spi.Device;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class DevicesCommandTest {
  @Test
  void theDevicesAreThoseOfOneProcess() throws Exception {
    Call call = Call.of("devices", "--json");
    assertThat(call.status()).as(call.errors()).isZero();
    List<String> found = new ArrayList<>();
    for (Json device : Json.parse(call.out()).items()) {
      assertThat(device.members()).containsKeys("id", "description", "priority");
      found.add(device.get("id").text() + " " + device.get("priority").whole() + " "
          + device.find("unavailable").isEmpty());
    }
    assertThat(found).isEqualTo(Devices.list().stream()
        .map(device -> device.id() + " " + device.priority() + " " + device.available()).toList());
  }

  @Test
  void thereIsALineForEach() {
    Call call = Call.of("devices");
    assertThat(call.status()).isZero();
    assertThat(call.out().lines().toList()).hasSameSizeAs(Devices.list()).allMatch(line -> !line.isBlank());
    Device reference = Devices.byId("reference");
    assertThat(call.out()).containsPattern("(?m)^reference +" + reference.description() + "$");
  }
}
