package dev.carousel.cpu.fused;

import dev.carousel.cpu.bindings.Carousel;
import dev.carousel.cpu.bindings.carousel_scan;
import dev.carousel.cpu.kernels.Cells;
import dev.carousel.cpu.kernels.Parameters;
import dev.carousel.cpu.kernels.Parameters.Packed;
import dev.carousel.cpu.kernels.RunLayout;
import dev.carousel.cpu.kernels.RunLayouts;
import dev.carousel.kit.FusedLayer;
import dev.carousel.spi.Kernels.Stage;
import dev.carousel.spi.Layout;
import dev.carousel.spi.form.Scan;
import dev.carousel.spi.form.View;
import dev.carousel.spi.runtime.HostBuffers;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The one native call of a layer, or of two: written down for a session, with the addresses of its buffers. */
final class ScanCall implements Stage {
  private final MemorySegment context;
  private final MemorySegment scan; // carousel_scan, and the one beside it
  private final RunLayout[] runs; // of each layer

  ScanCall(List<FusedLayer> layers, Parameters parameters, HostBuffers buffers, MemorySegment workspace,
      RunLayouts layouts) {
    context = parameters.context().address();
    runs = layers.stream().map(layer -> layouts.along(layer.scan().axis())).toArray(RunLayout[]::new);
    scan = describe(Arena.ofAuto(), layers, parameters, runs); // small, and freed with the session
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
      RunLayout[] largest = layers.stream().map(layer -> new RunLayout(layer.scan().axis(), maxSteps, maxBatch))
          .toArray(RunLayout[]::new);
      MemorySegment scan = describe(arena, layers, parameters, largest);
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

  /** All but the addresses of a session's buffers, for each of the layers. */
  private static MemorySegment describe(Arena arena, List<FusedLayer> layers, Parameters parameters,
      RunLayout[] runs) {
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
      carousel_scan.layout(scan, runs[i].address());
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
  public void run(Layout layout) {
    if (layout.active(0) > 0) {
      for (RunLayout run : runs) {
        run.write(layout);
      }
      Carousel.carousel_run_scan(context, scan);
    }
  }
}
