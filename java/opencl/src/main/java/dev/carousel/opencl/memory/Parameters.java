package dev.carousel.opencl.memory;

import dev.carousel.opencl.device.KernelSource;
import dev.carousel.opencl.device.OpenedDevice;
import dev.carousel.opencl.driver.Objects;
import dev.carousel.spi.form.Activation;
import dev.carousel.spi.form.Slot;
import dev.carousel.spi.runtime.HostMemory;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jocl.cl_command_queue;
import org.jocl.cl_mem;

/** The parameters of a Program on the device, in the order of the kernels; made once, when it is compiled. */
public final class Parameters {
  private final DeviceMemory memory;

  /** The activations of a cell, or of one operation, and its clip, as kernels read them. */
  public record Settings(List<Activation> activations, float clip) {
    static final int FLOATS = 10;

    private float[] values() {
      float[] values = new float[FLOATS];
      for (int i = 0; i < activations.size(); i++) {
        values[3 * i] = KernelSource.number(activations.get(i).kind());
        values[3 * i + 1] = activations.get(i).alpha();
        values[3 * i + 2] = activations.get(i).beta();
      }
      values[FLOATS - 1] = clip;
      return values;
    }
  }

  /**
   * Sends them to the device.
   *
   * @param keys what there is to be: {@link Packed}, {@link Settings}, or a {@link Slot} that is kept in its order
   */
  public Parameters(OpenedDevice opened, Objects owner, Set<Object> keys, Function<Slot, MemorySegment> values) {
    Map<Object, Long> sizes = new LinkedHashMap<>();
    keys.forEach(key -> sizes.put(key, bytes(key)));
    memory = new DeviceMemory(opened, owner, sizes, false, "The program's parameters");
    try (Objects passing = new Objects(owner.ledger())) {
      cl_command_queue queue = opened.queue(passing);
      try (Staging staging = new Staging(queue, 0)) {
        for (Object key : keys) {
          send(key, values, staging);
        }
      }
    }
  }

  private static long bytes(Object key) {
    return switch (key) {
      case Packed packed -> packed.bytes();
      case Slot slot -> slot.bytes(1, 1);
      default -> 4L * Settings.FLOATS;
    };
  }

  private void send(Object key, Function<Slot, MemorySegment> values, Staging staging) {
    switch (key) {
      case Packed packed -> {
        try (Arena arena = Arena.ofConfined()) {
          MemorySegment target = HostMemory.allocate(arena, (double) packed.bytes(), "Packed weights");
          Slot bias = packed.bias();
          packed.pack(values.apply(packed.weight()), bias == null ? null : values.apply(bias), target);
          staging.send(target, target.byteSize(), memory.get(key), 0);
        }
      }
      case Settings settings -> {
        MemorySegment floats = MemorySegment.ofArray(settings.values());
        staging.send(floats, floats.byteSize(), memory.get(key), 0);
      }
      case Slot slot -> staging.send(values.apply(slot), slot.bytes(1, 1), memory.get(key), 0);
      default -> throw new IllegalArgumentException(key + " is no parameter.");
    }
  }

  /** The buffer of a key. */
  public cl_mem get(Object key) {
    return memory.get(key);
  }

  /** The bytes of all of them. */
  public long bytes() {
    return memory.bytes();
  }
}
