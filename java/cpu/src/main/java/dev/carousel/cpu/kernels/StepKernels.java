package dev.carousel.cpu.kernels;

import dev.carousel.cpu.bindings.Carousel;
import dev.carousel.cpu.bindings.carousel_across;
import dev.carousel.cpu.bindings.carousel_window;
import dev.carousel.spi.Kernels.Kernel;
import dev.carousel.spi.form.AcrossSteps;
import dev.carousel.spi.form.Axis;
import dev.carousel.spi.form.Slot;
import dev.carousel.spi.form.View;
import dev.carousel.spi.form.Window;
import dev.carousel.spi.runtime.HostBuffers;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/** Operations across steps, each one native call: written down once for a session, with the addresses of its buffers. */
record StepKernels(HostBuffers buffers, Parameters parameters, RunLayouts layouts) {

  /** The call of an operation. */
  Kernel bind(AcrossSteps operation) {
    MemorySegment target = carousel_across.allocate(Arena.ofAuto());
    RunLayout from = layouts.along(axis(operation.in(), operation.out()));
    RunLayout to = layouts.along(axis(operation.out(), operation.in()));
    carousel_across.kind(target, kind(operation));
    carousel_across.columns(target, operation.in().columns());
    carousel_across.from(target, from.address());
    carousel_across.to(target, to.address());
    rows(carousel_across.in(target), operation.in());
    rows(carousel_across.out(target), operation.out());
    switch (operation) {
      case AcrossSteps.WindowPool pool -> write(carousel_across.window(target), pool.window());
      case AcrossSteps.Gather gather -> {
        write(carousel_across.window(target), gather.window());
        rows(carousel_across.other(target), gather.history());
      }
      case AcrossSteps.Repeat _ -> write(carousel_across.window(target), Window.of(1));
      case AcrossSteps.Flatten flatten -> write(carousel_across.window(target), Window.of(flatten.steps()));
      case AcrossSteps.WeightedSum sum -> {
        carousel_across.heads(target, sum.weights().columns());
        rows(carousel_across.other(target), sum.weights());
      }
      case AcrossSteps.LastStep _,AcrossSteps.Pool _,AcrossSteps.SoftmaxSteps _ -> {
      }
    }
    MemorySegment context = parameters.context().address();
    return (layout, _, _) -> {
      from.write(layout);
      to.write(layout);
      Carousel.carousel_run_across(context, target);
    };
  }

  /** The steps of a view, or where it has a row for each sequence those of another. */
  private static Axis axis(View view, View other) {
    return (view.slot().extent() == Slot.Extent.STEPS ? view : other).slot().axis();
  }

  private static int kind(AcrossSteps operation) {
    return switch (operation) {
      case AcrossSteps.LastStep _ -> Carousel.CAROUSEL_LAST();
      case AcrossSteps.Pool pool -> switch (pool.rule()) {
        case SUM -> Carousel.CAROUSEL_SUM();
        case MEAN -> Carousel.CAROUSEL_MEAN();
        case MAX -> Carousel.CAROUSEL_MAX();
      };
      case AcrossSteps.WindowPool pool when pool.rule() == AcrossSteps.Pool.Rule.MAX -> Carousel.CAROUSEL_MAX();
      case AcrossSteps.WindowPool pool ->
        pool.padded() ? Carousel.CAROUSEL_MEAN_PADDED() : Carousel.CAROUSEL_MEAN();
      case AcrossSteps.SoftmaxSteps _ -> Carousel.CAROUSEL_SOFTMAX_STEPS();
      case AcrossSteps.WeightedSum _ -> Carousel.CAROUSEL_WEIGHTED_SUM();
      case AcrossSteps.Gather _,AcrossSteps.Repeat _,AcrossSteps.Flatten _ -> Carousel.CAROUSEL_GATHER();
    };
  }

  private void rows(MemorySegment rows, @Nullable View view) {
    if (view != null) {
      Cells.write(rows, view, buffers.segment(view.slot()));
    }
  }

  /** Writes a carousel_window. */
  private static void write(MemorySegment target, Window window) {
    carousel_window.width(target, window.width());
    carousel_window.stride(target, window.stride());
    carousel_window.dilation(target, window.dilation());
    carousel_window.before(target, window.before());
    carousel_window.same(target, window.same() ? 1 : 0);
  }
}
