package dev.carousel.cli.model;

import dev.carousel.Embedding;
import dev.carousel.Layer;
import dev.carousel.Network;
import dev.carousel.spi.runtime.HostMemory;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SplittableRandom;

/** Random rows for all inputs of a network, and room for its outputs, time-major and by their names. */
public record RandomRows(Network network, int steps, int batch) {

  /** Floats within 1, or indices that every table has. */
  public Map<String, MemorySegment> inputs(SplittableRandom random) {
    int table = table();
    Map<String, MemorySegment> inputs = new LinkedHashMap<>();
    for (Network.Input input : network.inputs()) {
      long count = (long) (input.perStep() ? steps : 1) * batch * input.width();
      MemorySegment data = HostMemory.allocate(Arena.ofAuto(), 4.0 * count, "The input " + input.name());
      for (long i = 0; i < count; i++) {
        if (input.indices()) {
          data.setAtIndex(ValueLayout.JAVA_INT, i, random.nextInt(table));
        } else {
          data.setAtIndex(ValueLayout.JAVA_FLOAT, i, (float) (2 * random.nextDouble() - 1));
        }
      }
      inputs.put(input.name(), data);
    }
    return inputs;
  }

  private int table() {
    int least = Integer.MAX_VALUE;
    for (Layer layer : network.layers()) {
      least = layer instanceof Embedding table ? Math.min(least, table.vocabulary()) : least;
    }
    return least;
  }

  /** Room for all outputs, one behind the other. */
  public MemorySegment room() {
    double bytes = 0;
    for (Network.Output output : network.outputs()) {
      bytes += bytes(output);
    }
    return HostMemory.allocate(Arena.ofAuto(), bytes, "The outputs");
  }

  /** Each output's part of such room. */
  public Map<String, MemorySegment> outputs(MemorySegment room) {
    Map<String, MemorySegment> outputs = new LinkedHashMap<>();
    long at = 0;
    for (Network.Output output : network.outputs()) {
      outputs.put(output.name(), room.asSlice(at, bytes(output)));
      at += bytes(output);
    }
    return outputs;
  }

  private long bytes(Network.Output output) {
    Network.Rows rows = network.rows(output.name());
    return 4L * (rows.perStep() ? rows.axis().steps(steps) : 1) * batch * rows.width();
  }
}
