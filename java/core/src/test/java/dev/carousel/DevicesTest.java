package dev.carousel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.carousel.spi.Device;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class DevicesTest {
  @AfterEach
  void forgetTheProperty() {
    System.clearProperty(Devices.PROPERTY);
  }

  @Test
  void theReferenceIsAlwaysThere() {
    assertThat(Devices.list()).extracting(Device::id).contains("reference");
    assertThat(Devices.best().available()).isTrue();
  }

  @Test
  void thePropertyChoosesTheBest() {
    System.setProperty(Devices.PROPERTY, "reference");
    assertThat(Devices.best().id()).isEqualTo("reference");
  }

  @Test
  void anUnknownDeviceIsAnsweredWithThoseThatAreThere() {
    assertThatIllegalArgumentException().isThrownBy(() -> Devices.byId("abacus"))
        .withMessageContainingAll("abacus", "none of that name", "reference");
    System.setProperty(Devices.PROPERTY, "abacus");
    assertThatIllegalArgumentException().isThrownBy(Devices::best).withMessageContaining("abacus");
    Device foreign = new Device("abacus", "beads", 9, Optional.empty());
    assertThatIllegalArgumentException().isThrownBy(() -> Devices.open(foreign)).withMessageContaining("no back end");
  }

  @Test
  void anUnavailableDeviceGivesItsReason() {
    Device broken = new Device("abacus", "beads", 9, Optional.of("Its beads are lost. Buy beads."));
    Network network = Network.of(Dense.of(1, 1));
    Weights weights = Weights.seeded(network, Initialisation.KERAS, 1);
    assertThatIllegalArgumentException().isThrownBy(() -> Model.compile(network, weights, broken))
        .withMessageContainingAll("abacus cannot be used", "Its beads are lost. Buy beads.");
  }
}
