package dev.carousel.cpu.fused;

import dev.carousel.cpu.bindings.Carousel;
import dev.carousel.cpu.bindings.carousel_layout;
import dev.carousel.cpu.bindings.carousel_scan;
import dev.carousel.cpu.kernels.Cells;
import dev.carousel.cpu.kernels.Parameters;
import dev.carousel.cpu.kernels.Parameters.Packed;
import dev.carousel.kit.FusedLayer;
import dev.carousel.spi.HostBuffers;
import dev.carousel.spi.Kernels.Kernel;
import dev.carousel.spi.Layout;
import dev.carousel.spi.Scan;
import dev.carousel.spi.View;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The one native call of a layer, or of two: written down for a session, with the addresses of its buffers. */
final class ScanCall implements Kernel {
  private final MemorySegment context;
  private final MemorySegment scans; // [count] carousel_scan
  private final int count;
  private final MemorySegment layout; // carousel_layout
  private final MemorySegment active; // [maxSteps]
  private final MemorySegment first; // [maxSteps]
  private final MemorySegment length; // [maxBatch]

  ScanCall(List<FusedLayer> layers, Parameters parameters, HostBuffers buffers, MemorySegment workspace, int maxSteps,
      int maxBatch) {
    Arena arena = Arena.ofAuto(); // small, and freed with the session
    context = parameters.context().address();
    count = layers.size();
    scans = describe(arena, layers, parameters);
    layout = carousel_layout.allocate(arena);
    active = arena.allocate(ValueLayout.JAVA_INT, maxSteps);
    first = arena.allocate(ValueLayout.JAVA_INT, maxSteps);
    length = arena.allocate(ValueLayout.JAVA_INT, maxBatch);
    long from = 0;
    for (int i = 0; i < count; i++) {
      MemorySegment scan = carousel_scan.asSlice(scans, i);
      FusedLayer layer = layers.get(i);
      rows(carousel_scan.in(scan), layer.input().in(), buffers);
      rows(carousel_scan.out(scan), layer.out(), buffers);
      rows(carousel_scan.hidden(scan), layer.hidden(), buffers);
      rows(carousel_scan.state(scan), layer.state(), buffers);
      carousel_scan.workspace(scan, workspace.asSlice(4 * from));
      from += workspace(scan, parameters, maxSteps, maxBatch);
    }
  }

  /** The floats of workspace that layers need. */
  static long workspace(List<FusedLayer> layers, Parameters parameters, int maxSteps, int maxBatch) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment scans = describe(arena, layers, parameters);
      long floats = 0;
      for (int i = 0; i < layers.size(); i++) {
        floats += workspace(carousel_scan.asSlice(scans, i), parameters, maxSteps, maxBatch);
      }
      return floats;
    }
  }

  /** Up to a whole line of the cache, so that the next one starts with one. */
  private static long workspace(MemorySegment scan, Parameters parameters, int maxSteps, int maxBatch) {
    long floats = Carousel.carousel_workspace(parameters.context().address(), scan, maxSteps, maxBatch);
    return (floats + 15) / 16 * 16;
  }

  /** What does not depend on a session. */
  private static MemorySegment describe(Arena arena, List<FusedLayer> layers, Parameters parameters) {
    MemorySegment scans = carousel_scan.allocateArray(layers.size(), arena);
    for (int i = 0; i < layers.size(); i++) {
      FusedLayer layer = layers.get(i);
      MemorySegment scan = carousel_scan.asSlice(scans, i);
      Cells.write(carousel_scan.cell(scan), layer.update(), layer.units(), parameters);
      carousel_scan.reverse(scan, layer.scan().direction() == Scan.Direction.REVERSE ? 1 : 0);
      carousel_scan.inputs(scan, layer.input().in().columns());
      carousel_scan.width(scan, layer.hidden().columns());
      List<Packed> weights = FusedPlan.weights(layer);
      carousel_scan.input_weights(scan, parameters.get(weights.get(0)));
      carousel_scan.recurrent_weights(scan, parameters.get(weights.get(1)));
      carousel_scan.second_weights(scan, weights.size() < 3 ? MemorySegment.NULL : parameters.get(weights.get(2)));
    }
    return scans;
  }

  private static void rows(MemorySegment rows, @Nullable View view, HostBuffers buffers) {
    if (view != null) {
      Cells.write(rows, view, buffers.segment(view.slot()));
    }
  }

  @Override
  public void run(Layout run, int stepRow, int rows) {
    if (run.rows() == 0) {
      return;
    }
    carousel_layout.steps(layout, run.longest());
    carousel_layout.batch(layout, run.active(0));
    if (run.uniform()) {
      carousel_layout.active(layout, MemorySegment.NULL);
      carousel_layout.first(layout, MemorySegment.NULL);
      carousel_layout.length(layout, MemorySegment.NULL);
    } else {
      ragged(run);
    }
    Carousel.carousel_run_scans(context, scans, count, layout);
  }

  private void ragged(Layout run) {
    for (int step = 0; step < run.longest(); step++) {
      active.setAtIndex(ValueLayout.JAVA_INT, step, run.active(step));
      first.setAtIndex(ValueLayout.JAVA_INT, step, run.first(step));
    }
    for (int position = 0; position < run.active(0); position++) {
      length.setAtIndex(ValueLayout.JAVA_INT, position, run.length(position));
    }
    carousel_layout.active(layout, active);
    carousel_layout.first(layout, first);
    carousel_layout.length(layout, length);
  }
}
