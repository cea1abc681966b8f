package dev.carousel.cpu.fused;

import dev.carousel.cpu.bindings.Carousel;
import dev.carousel.cpu.bindings.carousel_layout;
import dev.carousel.cpu.bindings.carousel_scan;
import dev.carousel.cpu.kernels.Cells;
import dev.carousel.cpu.kernels.Parameters;
import dev.carousel.cpu.kernels.Parameters.Packed;
import dev.carousel.kit.FusedLayer;
import dev.carousel.spi.Kernels.Stage;
import dev.carousel.spi.Layout;
import dev.carousel.spi.form.Scan;
import dev.carousel.spi.form.View;
import dev.carousel.spi.runtime.HostBuffers;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The one native call of a layer, or of two: written down for a session, with the addresses of its buffers. */
final class ScanCall implements Stage {
  private final MemorySegment context;
  private final MemorySegment scan; // carousel_scan, and the one beside it
  private final MemorySegment layout; // carousel_layout
  private final MemorySegment active; // [maxSteps]
  private final MemorySegment first; // [maxSteps]
  private final MemorySegment length; // [maxBatch]

  ScanCall(List<FusedLayer> layers, Parameters parameters, HostBuffers buffers, MemorySegment workspace, int maxSteps,
      int maxBatch) {
    Arena arena = Arena.ofAuto(); // small, and freed with the session
    context = parameters.context().address();
    layout = layout(arena, maxSteps, maxBatch);
    scan = describe(arena, layers, parameters, layout);
    active = arena.allocate(ValueLayout.JAVA_INT, maxSteps);
    first = arena.allocate(ValueLayout.JAVA_INT, maxSteps);
    length = arena.allocate(ValueLayout.JAVA_INT, maxBatch);
    long from = 0;
    for (int i = 0; i < layers.size(); i++) {
      MemorySegment one = carousel_scan.asSlice(scan, i);
      FusedLayer layer = layers.get(i);
      rows(carousel_scan.in(one), layer.input().in(), buffers);
      rows(carousel_scan.out(one), layer.out(), buffers);
      rows(carousel_scan.hidden(one), layer.hidden(), buffers);
      rows(carousel_scan.state(one), layer.state(), buffers);
      carousel_scan.workspace(one, workspace.asSlice(4 * from));
      from += workspace(one, parameters);
    }
  }

  /** The floats of workspace that layers need. */
  static long workspace(List<FusedLayer> layers, Parameters parameters, int maxSteps, int maxBatch) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment scan = describe(arena, layers, parameters, layout(arena, maxSteps, maxBatch));
      long floats = 0;
      for (int i = 0; i < layers.size(); i++) {
        floats += workspace(carousel_scan.asSlice(scan, i), parameters);
      }
      return floats;
    }
  }

  /** Up to a whole line of the cache, so that the next one starts with one. */
  private static long workspace(MemorySegment scan, Parameters parameters) {
    Carousel.carousel_size_scan(parameters.context().address(), scan);
    return (carousel_scan.workspace_floats(scan) + 15) / 16 * 16;
  }

  private static MemorySegment layout(Arena arena, int steps, int batch) {
    MemorySegment layout = carousel_layout.allocate(arena);
    carousel_layout.steps(layout, steps);
    carousel_layout.batch(layout, batch);
    return layout;
  }

  /** All but the addresses of a session's buffers, for each of the layers. */
  private static MemorySegment describe(Arena arena, List<FusedLayer> layers, Parameters parameters,
      MemorySegment layout) {
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
      carousel_scan.layout(scan, layout);
      carousel_scan.beside(scan, i + 1 < layers.size() ? carousel_scan.asSlice(scans, i + 1) : MemorySegment.NULL);
    }
    return scans;
  }

  private static void rows(MemorySegment rows, @Nullable View view, HostBuffers buffers) {
    if (view != null) {
      Cells.write(rows, view, buffers.segment(view.slot()));
    }
  }

  @Override
  public void run(Layout run) {
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
    Carousel.carousel_run_scan(context, scan);
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
