package dev.carousel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.carousel.spi.Backend;
import dev.carousel.spi.BackendProvider;
import dev.carousel.spi.Device;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

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

  /** A back end whose devices cannot be listed. */
  public static final class ThrowingProvider implements BackendProvider {
    @Override
    public String name() {
      return "throwing";
    }

    @Override
    public List<Device> devices() {
      throw new UnsatisfiedLinkError("no such library");
    }

    @Override
    public Backend open(Device device) {
      throw new AssertionError("never opened");
    }
  }

  @Test
  void aBrokenBackEndIsListedWithItsReasonAndTheOthersWork(@TempDir Path folder) throws Exception {
    Path services = Files.createDirectories(folder.resolve("META-INF/services"));
    Files.writeString(services.resolve(BackendProvider.class.getName()),
        "dev.carousel.Missing\n" + ThrowingProvider.class.getName() + "\n");
    Thread thread = Thread.currentThread();
    ClassLoader before = thread.getContextClassLoader();
    try (URLClassLoader loader = new URLClassLoader(new URL[]{folder.toUri().toURL()}, before)) {
      thread.setContextClassLoader(loader);
      assertThat(Devices.best().id()).isEqualTo("reference");
      assertThat(Devices.list()).as("each once, whatever loaders see it").extracting(Device::id)
          .doesNotHaveDuplicates();
      assertThat(Devices.byId("throwing").unavailable().orElse("")).contains("no such library");
      assertThat(Devices.byId("broken").unavailable().orElse("")).contains("dev.carousel.Missing");
      assertThatIllegalArgumentException().isThrownBy(() -> Devices.open(Devices.byId("throwing")))
          .withMessageContaining("no such library");
    } finally {
      thread.setContextClassLoader(before);
    }
  }

  /** An application server's threads, and those of a common pool, may have a class loader that sees nothing of ours. */
  @Test
  void aThreadThatDoesNotSeeTheLibraryFindsItsDevices() {
    Thread thread = Thread.currentThread();
    ClassLoader before = thread.getContextClassLoader();
    try {
      for (ClassLoader blind : new ClassLoader[]{ClassLoader.getPlatformClassLoader(), null}) {
        thread.setContextClassLoader(blind);
        assertThat(Devices.best().id()).isEqualTo("reference");
        Devices.open(Devices.byId("reference")).close();
      }
    } finally {
      thread.setContextClassLoader(before);
    }
  }

  /** A back end that nobody but its own devices' users may ask. */
  public static final class CountingProvider implements BackendProvider {
    private static final AtomicInteger ASKED = new AtomicInteger();

    @Override
    public String name() {
      return "counting";
    }

    @Override
    public List<Device> devices() {
      ASKED.incrementAndGet();
      return List.of(new Device("counting/1", "fingers", 0, Optional.empty()));
    }

    @Override
    public Backend open(Device device) {
      throw new AssertionError("never opened");
    }
  }

  @Test
  void onlyTheBackEndThatAnIdNamesIsAsked(@TempDir Path folder) throws Exception {
    Path services = Files.createDirectories(folder.resolve("META-INF/services"));
    Files.writeString(services.resolve(BackendProvider.class.getName()), CountingProvider.class.getName() + "\n");
    Thread thread = Thread.currentThread();
    ClassLoader before = thread.getContextClassLoader();
    try (URLClassLoader loader = new URLClassLoader(new URL[]{folder.toUri().toURL()}, before)) {
      thread.setContextClassLoader(loader);
      int asked = CountingProvider.ASKED.get();
      Devices.open(Devices.byId("reference")).close();
      assertThat(Devices.list(name -> !name.equals("counting"))).extracting(Device::id).contains("reference")
          .doesNotContain("counting/1");
      assertThat(CountingProvider.ASKED.get()).isEqualTo(asked);
      assertThat(Devices.byId("counting/1").description()).isEqualTo("fingers");
      assertThat(CountingProvider.ASKED.get()).isEqualTo(asked + 1);
    } finally {
      thread.setContextClassLoader(before);
    }
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
