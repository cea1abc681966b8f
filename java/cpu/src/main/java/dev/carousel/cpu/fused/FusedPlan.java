package dev.carousel.cpu.fused;

import dev.carousel.cpu.kernels.Cells;
import dev.carousel.cpu.kernels.NativeExecutable;
import dev.carousel.cpu.kernels.Parameters;
import dev.carousel.cpu.kernels.Parameters.Packed;
import dev.carousel.cpu.kernels.RowKernels;
import dev.carousel.spi.HostBuffers;
import dev.carousel.spi.Kernels;
import dev.carousel.spi.Operation;
import dev.carousel.spi.Program;
import dev.carousel.spi.Scan;
import dev.carousel.spi.Slot;
import dev.carousel.spi.Step;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * The steps of a Program, grouped: layers that run as one, two at a time where they do not touch each other, and what is
 * left as single steps.
 */
record FusedPlan(List<Part> parts, Program program, Parameters parameters) implements NativeExecutable.Plan {
  sealed interface Part {}

  /** One layer in one direction, or two that run at the same time. */
  record Layers(List<FusedScan> scans) implements Part {}

  /** A step as it stands. */
  record Single(Step step) implements Part {}

  static FusedPlan of(Program program, Parameters parameters) {
    List<Part> parts = new ArrayList<>();
    for (Step step : program.forward()) {
      FusedScan fused = !parts.isEmpty() && parts.getLast() instanceof Single before
          ? FusedScan.of(program, before.step(), step)
          : null;
      if (fused == null) {
        parts.add(new Single(step));
      } else {
        parts.removeLast();
        add(parts, fused);
      }
    }
    return new FusedPlan(List.copyOf(parts), program, parameters);
  }

  private static void add(List<Part> parts, FusedScan fused) {
    if (!parts.isEmpty() && parts.getLast() instanceof Layers(List<FusedScan> before) && before.size() == 1
        && before.getFirst().apart(fused)) {
      parts.removeLast();
      parts.add(new Layers(List.of(before.getFirst(), fused)));
    } else {
      parts.add(new Layers(List.of(fused)));
    }
  }

  @Override
  public void prepare(Function<Slot, MemorySegment> values) {
    for (Part part : parts) {
      switch (part) {
        case Layers layers -> layers.scans().forEach(scan -> prepare(scan, values));
        case Single(Scan scan) -> scan.body().forEach(operation -> RowKernels.prepare(operation, parameters, values));
        case Single(Operation operation) -> RowKernels.prepare(operation, parameters, values);
      }
    }
  }

  private void prepare(FusedScan scan, Function<Slot, MemorySegment> values) {
    weights(scan).forEach(key -> parameters.pack(key, values));
    Slot peephole = Cells.peephole(scan.update());
    if (peephole != null) {
      parameters.keep(peephole, values);
    }
  }

  /** The weights of a layer: of the inputs, of the hidden state, and of the second product where there is one. */
  static List<Packed> weights(FusedScan scan) {
    List<Packed> weights = new ArrayList<>();
    weights.add(new Packed(scan.gates(), scan.input().weight(), scan.input().bias()));
    weights.add(new Packed(scan.recurrentGates(), scan.recurrent().weight(), scan.recurrent().bias()));
    if (scan.second() != null) {
      weights.add(new Packed(1, scan.second().weight(), scan.second().bias()));
    }
    return weights;
  }

  private List<Layers> layers() {
    return parts.stream().filter(Layers.class::isInstance).map(Layers.class::cast).toList();
  }

  /** The workspace of all layers, which run one after the other. */
  private Slot workspace(int maxSteps, int maxBatch) {
    long floats = layers().stream().mapToLong(layers -> ScanCall.workspace(layers, parameters, maxSteps, maxBatch))
        .max()
        .orElse(1);
    return Slot.batch(Slot.Role.SCRATCH, "workspace of the layers", Math.toIntExact((floats - 1) / maxBatch + 1));
  }

  @Override
  public List<Slot> slots(int maxSteps, int maxBatch) {
    List<Slot> slots = new ArrayList<>();
    for (Slot.Role role : Slot.Role.values()) {
      slots.addAll(program.slots(role));
    }
    layers().forEach(layers -> layers.scans().forEach(scan -> slots.removeAll(scan.absorbed())));
    slots.add(workspace(maxSteps, maxBatch));
    return slots;
  }

  @Override
  public Kernels kernels(HostBuffers buffers, int maxSteps, int maxBatch) {
    RowKernels rows = new RowKernels(buffers, parameters);
    MemorySegment workspace = buffers.segment(workspace(maxSteps, maxBatch));
    return new Kernels() {
      @Override
      public Kernel bind(Operation operation) {
        return rows.bind(operation);
      }

      @Override
      public List<Kernel> bind(List<Step> steps) {
        List<Kernel> kernels = new ArrayList<>();
        for (Part part : parts) {
          switch (part) {
            case Layers layers -> kernels.add(new ScanCall(layers, parameters, buffers, workspace, maxSteps, maxBatch));
            case Single single -> kernels.addAll(Kernels.super.bind(List.of(single.step())));
          }
        }
        return kernels;
      }
    };
  }
}
