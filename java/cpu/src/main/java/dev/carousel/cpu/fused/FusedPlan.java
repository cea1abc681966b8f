package dev.carousel.cpu.fused;

import dev.carousel.cpu.kernels.Cells;
import dev.carousel.cpu.kernels.NativeExecutable;
import dev.carousel.cpu.kernels.Parameters;
import dev.carousel.cpu.kernels.Parameters.Packed;
import dev.carousel.cpu.kernels.RowKernels;
import dev.carousel.cpu.kernels.RunLayouts;
import dev.carousel.kit.FusedLayer;
import dev.carousel.kit.Fusion;
import dev.carousel.kit.Fusion.Layers;
import dev.carousel.kit.Fusion.Single;
import dev.carousel.spi.Kernels;
import dev.carousel.spi.form.Operation;
import dev.carousel.spi.form.Program;
import dev.carousel.spi.form.Scan;
import dev.carousel.spi.form.Slot;
import dev.carousel.spi.form.Step;
import dev.carousel.spi.runtime.HostBuffers;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;

/** The native calls of a Program: one for the layers of a part, one for each operation that is left. */
record FusedPlan(Fusion fusion, Program program, Parameters parameters) implements NativeExecutable.Plan {
  static FusedPlan of(Program program, Parameters parameters) {
    return new FusedPlan(Fusion.of(program), program, parameters);
  }

  @Override
  public void prepare(Function<Slot, MemorySegment> values) {
    for (Fusion.Part part : fusion.parts()) {
      switch (part) {
        case Layers(List<FusedLayer> layers) -> layers.forEach(layer -> prepare(layer, values));
        case Single(Scan scan) -> scan.body().forEach(operation -> RowKernels.prepare(operation, parameters, values));
        case Single(Operation operation) -> RowKernels.prepare(operation, parameters, values);
      }
    }
  }

  private void prepare(FusedLayer layer, Function<Slot, MemorySegment> values) {
    weights(layer).forEach(key -> parameters.pack(key, values));
    Slot peephole = Cells.peephole(layer.update());
    if (peephole != null) {
      parameters.keep(peephole, values);
    }
  }

  /** The weights of a layer: of the inputs, of the hidden state, and of the second product where there is one. */
  static List<Packed> weights(FusedLayer layer) {
    List<Packed> weights = new ArrayList<>();
    weights.add(new Packed(layer.gates(), layer.input().weight(), layer.input().bias()));
    weights.add(new Packed(layer.recurrentGates(), layer.recurrent().weight(), layer.recurrent().bias()));
    if (layer.second() != null) {
      weights.add(new Packed(1, layer.second().weight(), layer.second().bias()));
    }
    return weights;
  }

  /** The layers of each native call. */
  private Stream<List<FusedLayer>> calls() {
    return fusion.parts().stream().filter(Layers.class::isInstance).map(Layers.class::cast).map(Layers::layers);
  }

  /** The workspace of all layers, which run one after the other. */
  private Slot workspace(int maxSteps, int maxBatch) {
    long floats = calls().mapToLong(layers -> ScanCall.workspace(layers, parameters, maxSteps, maxBatch)).max()
        .orElse(1);
    return Slot.batch(Slot.Role.SCRATCH, "workspace of the layers", Math.toIntExact((floats - 1) / maxBatch + 1));
  }

  @Override
  public List<Slot> slots(int maxSteps, int maxBatch) {
    List<Slot> slots = new ArrayList<>(program.slots());
    calls().flatMap(List::stream).forEach(layer -> slots.removeAll(layer.absorbed()));
    slots.add(workspace(maxSteps, maxBatch));
    return slots;
  }

  @Override
  public Kernels kernels(HostBuffers buffers, int maxSteps, int maxBatch) {
    RunLayouts layouts = new RunLayouts(maxSteps, maxBatch);
    RowKernels rows = new RowKernels(buffers, parameters, layouts);
    MemorySegment workspace = buffers.segment(workspace(maxSteps, maxBatch));
    return new Kernels() {
      @Override
      public Kernel bind(Operation operation) {
        return rows.bind(operation);
      }

      @Override
      public List<Stage> bind(List<Step> steps) {
        List<Stage> stages = new ArrayList<>();
        for (Fusion.Part part : fusion.parts()) {
          switch (part) {
            case Layers(List<FusedLayer> layers) ->
              stages.add(new ScanCall(layers, parameters, buffers, workspace, layouts));
            case Single(Step step) -> stages.addAll(Kernels.super.bind(List.of(step)));
          }
        }
        return stages;
      }
    };
  }
}
