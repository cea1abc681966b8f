package dev.carousel.cpu;

import dev.carousel.cpu.fused.FusedBackend;
import dev.carousel.cpu.kernels.Tier;
import dev.carousel.cpu.library.CarouselLibrary;
import dev.carousel.cpu.library.OpenBlasLibrary;
import dev.carousel.cpu.openblas.OpenBlasBackend;
import dev.carousel.spi.Backend;
import dev.carousel.spi.BackendProvider;
import dev.carousel.spi.Device;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The provider of {@code cpu/fused}, of each of its tiers as {@code cpu/fused@avx2}, and of {@code cpu/openblas}. */
public final class CpuProvider implements BackendProvider {
  private static final String FUSED = "cpu/fused";
  private static final String OPENBLAS = "cpu/openblas";

  /** For ServiceLoader. */
  public CpuProvider() {}

  @Override
  public String name() {
    return "cpu";
  }

  @Override
  public List<Device> devices() {
    List<Device> devices = new ArrayList<>();
    Optional<Tier> best = Tier.best();
    devices.add(new Device(FUSED, "own kernels" + best.map(tier -> ", " + tier.instructions()).orElse(""), 100,
        CarouselLibrary.problem()));
    for (Tier tier : Tier.built()) {
      devices.add(new Device(FUSED + "@" + tier.id(), "own kernels, " + tier.instructions(), 90 + tier.code(),
          tier.problem()));
    }
    devices.add(new Device(OPENBLAS, "OpenBLAS' products, own cells", 50,
        CarouselLibrary.problem().or(OpenBlasLibrary::missing)));
    return devices;
  }

  @Override
  public Backend open(Device device) {
    Tier best = Tier.best().orElseThrow(() -> unusable(device, CarouselLibrary.problem().orElse("")));
    if (device.id().equals(OPENBLAS)) {
      OpenBlasLibrary.problem().ifPresent(problem -> {
        throw unusable(device, problem);
      });
      return new OpenBlasBackend(device, best);
    }
    Tier tier = Tier.built().stream().filter(one -> device.id().equals(FUSED + "@" + one.id())).findFirst()
        .orElse(best);
    tier.problem().ifPresent(problem -> {
      throw unusable(device, problem);
    });
    return new FusedBackend(device, tier);
  }

  private static IllegalArgumentException unusable(Device device, String problem) {
    return new IllegalArgumentException("Device " + device.id() + " cannot be used: " + problem);
  }
}
