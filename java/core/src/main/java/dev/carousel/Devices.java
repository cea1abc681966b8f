package dev.carousel;

import static dev.carousel.spi.form.Check.argument;

import dev.carousel.spi.Backend;
import dev.carousel.spi.BackendProvider;
import dev.carousel.spi.Device;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** What this machine can run networks on: the devices of every back end found by {@link ServiceLoader}. */
public final class Devices {
  /** The system property that names the device that {@link #best} returns. */
  public static final String PROPERTY = "carousel.device";

  /** The order of lists: what can be used first, of that the preferred first. */
  public static final Comparator<Device> ORDER = Comparator.comparing(Device::available)
      .thenComparingInt(Device::priority).reversed().thenComparing(Device::id);

  private Devices() {}

  /** Every device, the preferred ones first, those that cannot be used with their reason. */
  public static List<Device> list() {
    return list(_ -> true);
  }

  /** The devices of the back ends with such a {@link BackendProvider#name}; the others are not asked, nor loaded. */
  public static List<Device> list(Predicate<String> backEnds) {
    List<Device> devices = new ArrayList<>();
    visit(backEnds, (_, device) -> devices.add(device));
    devices.sort(ORDER);
    return devices;
  }

  /** The device that {@code -Dcarousel.device} names, or else the available one of highest priority. */
  public static Device best() {
    String wanted = System.getProperty(PROPERTY);
    return wanted == null ? list().getFirst() : byId(wanted);
  }

  /** The device of an id, available or not; only the back end that the id names is asked. */
  public static Device byId(String id) {
    return list(backEnd(id)::equals).stream().filter(device -> device.id().equals(id)).findFirst()
        .orElseThrow(() -> new IllegalArgumentException("Device " + id + " was asked for, and there is none of"
            + " that name. These are: " + String.join(", ", list().stream().map(Device::id).toList()) + "."));
  }

  /** The name of the back end that a device's id begins with. */
  private static String backEnd(String id) {
    return id.contains("/") ? id.substring(0, id.indexOf('/')) : id;
  }

  /** Opens a device; whoever opens it closes it. */
  public static Backend open(Device device) {
    argument(device.available(), "Device %s cannot be used: %s", device.id(), device.unavailable().orElse(""));
    List<BackendProvider> providers = new ArrayList<>();
    visit(backEnd(device.id())::equals, (provider, other) -> {
      if (other.id().equals(device.id())) {
        providers.add(provider);
      }
    });
    argument(!providers.isEmpty(), "Device %s was to be opened, and no back end has it. Devices.list() says which are"
        + " there.", device.id());
    return providers.getFirst().open(device);
  }

  /** Asks the back ends beside this class, and those that only the caller's thread sees. */
  private static void visit(Predicate<String> backEnds, BiConsumer<BackendProvider, Device> visitor) {
    Set<Object> seen = new HashSet<>(); // classes, and messages of those that could not be loaded
    ClassLoader own = Devices.class.getClassLoader();
    ClassLoader context = Thread.currentThread().getContextClassLoader();
    visit(own, seen, backEnds, visitor);
    if (!Objects.equals(context, own)) {
      visit(context, seen, backEnds, visitor);
    }
  }

  /** A back end that fails while it is loaded or asked is listed as a device that cannot be used. */
  private static void visit(@Nullable ClassLoader loader, Set<Object> seen, Predicate<String> backEnds,
      BiConsumer<BackendProvider, Device> visitor) {
    Iterator<BackendProvider> providers = ServiceLoader.load(BackendProvider.class, loader).iterator();
    while (true) {
      try {
        if (!providers.hasNext()) {
          return;
        }
        BackendProvider provider = providers.next();
        if (seen.add(provider.getClass())) {
          visit(provider, backEnds, visitor);
        }
      } catch (ServiceConfigurationError broken) {
        String message = String.valueOf(broken.getMessage());
        if (seen.add(message)) {
          visit(new Broken(message), backEnds, visitor);
        }
      }
    }
  }

  private static void visit(BackendProvider provider, Predicate<String> backEnds,
      BiConsumer<BackendProvider, Device> visitor) {
    if (backEnds.test(provider.name())) {
      devices(provider).forEach(device -> visitor.accept(provider, device));
    }
  }

  private static List<Device> devices(BackendProvider provider) {
    try {
      return provider.devices();
    } catch (RuntimeException | LinkageError failure) {
      return List.of(new Device(provider.name(), "back end " + provider.name(), 0,
          Optional.of("Its devices could not be listed: " + failure + ".")));
    }
  }

  /** Stands for a back end that could not be loaded. */
  private record Broken(String reason) implements BackendProvider {
    @Override
    public String name() {
      return "broken";
    }

    @Override
    public List<Device> devices() {
      return List.of(new Device(name(), "a back end that could not be loaded", 0, Optional.of(reason)));
    }

    @Override
    public Backend open(Device device) {
      throw new IllegalArgumentException("Device " + device.id() + " cannot be used: " + reason);
    }
  }
}
