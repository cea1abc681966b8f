package dev.carousel.cpu.kernels;

import dev.carousel.spi.form.Slot;
import dev.carousel.spi.runtime.HostMemory;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The parameters of a Program in native memory, in the order in which kernels want them; made once, when compiled. */
public final class Parameters {
  private final Arena arena;
  private final Context context;
  private final Map<Object, MemorySegment> made = new HashMap<>();

  /** None yet; they will live as long as the arena. */
  public Parameters(Arena arena, Context context) {
    this.arena = arena;
    this.context = context;
  }

  /** A product's weights and bias in the order of our kernels; weights stand as {@code [gates * units][depth]}. */
  public record Packed(int gates, Slot weight, @Nullable Slot bias) {}

  /** What native calls take first. */
  public Context context() {
    return context;
  }

  /** Packs a product's weights, if that has not been done. */
  public void pack(Packed key, Function<Slot, MemorySegment> values) {
    Slot weight = key.weight();
    Slot bias = key.bias();
    if (!made.containsKey(key)) {
      made.put(key, context.pack(key.gates(), weight.rows() / key.gates(), weight.columns(), values.apply(weight),
          bias == null ? null : values.apply(bias)));
    }
  }

  /** Keeps a parameter in the order in which it is given. */
  public void keep(Slot slot, Function<Slot, MemorySegment> values) {
    if (!made.containsKey(slot)) {
      MemorySegment.copy(values.apply(slot), 0, reserve(slot, slot), 0, slot.bytes(1, 1));
    }
  }

  /** Room for a parameter in an order of the caller's, who fills it. */
  public MemorySegment reserve(Object key, Slot slot) {
    MemorySegment room = HostMemory.allocate(arena, (double) slot.bytes(1, 1), slot.toString());
    made.put(key, room);
    return room;
  }

  /** What was made for a key. */
  public MemorySegment get(Object key) {
    MemorySegment found = made.get(key);
    if (found == null) {
      throw new IllegalStateException(key + " was not prepared when the program was compiled.");
    }
    return found;
  }

  /** The bytes of all of them. */
  public long bytes() {
    return made.values().stream().mapToLong(MemorySegment::byteSize).sum();
  }
}
