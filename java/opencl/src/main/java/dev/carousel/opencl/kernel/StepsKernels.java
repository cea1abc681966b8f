package dev.carousel.opencl.kernel;

import dev.carousel.opencl.device.KernelSource;
import dev.carousel.opencl.memory.RunTables;
import dev.carousel.spi.Kernels.Kernel;
import dev.carousel.spi.Layout;
import dev.carousel.spi.form.AcrossSteps;
import dev.carousel.spi.form.Axis;
import dev.carousel.spi.form.Slot;
import dev.carousel.spi.form.View;
import dev.carousel.spi.form.Window;
import java.util.function.ToIntFunction;
import org.jocl.cl_mem;
import org.jspecify.annotations.Nullable;

/** The operations across steps, each a launch, or two where it keeps rows for the next run. */
record StepsKernels(Site site) {
  private static final int ALL = Integer.MAX_VALUE; // the width of a window that has all steps of a sequence

  /** The steps of a view; a row for each sequence counts as one step. */
  private record Steps(Axis axis, boolean counted) {
    static Steps of(View view) {
      return new Steps(view.slot().axis(), view.slot().extent() == Slot.Extent.STEPS);
    }

    int ragged(Layout layout) {
      return counted && !layout.uniform() ? 1 : 0;
    }

    int longest(Layout layout) {
      return counted ? layout.along(axis).longest() : 1;
    }
  }

  Kernel bind(AcrossSteps operation) {
    return switch (operation) {
      case AcrossSteps.LastStep _ -> windows(operation, " -DLAST", null, Taps.first(1));
      case AcrossSteps.Pool pool -> pool(pool, pool.rule(), Taps.first(ALL), false);
      case AcrossSteps.WindowPool pool -> pool(pool, pool.rule(), Taps.of(pool.window()), pool.padded());
      case AcrossSteps.SoftmaxSteps softmax -> softmax(softmax);
      case AcrossSteps.WeightedSum sum -> weightedSum(sum);
      case AcrossSteps.Gather gather when gather.history() != null -> streamed(gather, gather.history());
      case AcrossSteps.Gather gather -> windows(gather, "", null, Taps.of(gather.window()));
      case AcrossSteps.Repeat _ -> windows(operation, "", null, Taps.first(1));
      case AcrossSteps.Flatten flatten -> windows(flatten, "", null, Taps.first(flatten.steps()));
    };
  }

  private cl_mem buffer(View view) {
    return site.buffers().get(view.slot());
  }

  private Launch launch(KernelSource source, String options, View in, View out) {
    return site.launch(source, options).view(in, buffer(in)).view(out, buffer(out));
  }

  /** What a kernel knows of a window, in the order of its arguments. */
  private record Taps(int width, int stride, int dilation, int before, boolean same) {
    /** So many steps from the first on, for every result. */
    static Taps first(int width) {
      return new Taps(width, 0, 1, 0, false);
    }

    static Taps of(Window window) {
      return new Taps(window.width(), window.stride(), window.dilation(), window.before(), window.same());
    }

    Launch add(Launch launch) {
      return launch.number(width).number(stride).number(dilation).number(before).number(same ? 1 : 0);
    }
  }

  /** A launch whose next arguments are those of a run, which has so many results for each sequence. */
  private Kernel run(Launch launch, View in, View out, int columns, ToIntFunction<Layout> results) {
    RunTables tables = site.buffers().tables();
    Steps from = Steps.of(in);
    Steps to = Steps.of(out);
    launch.buffer(tables.buffer()).number(tables.first(from.axis())).number(tables.length(from.axis()))
        .number(tables.first(to.axis())).number(tables.length(to.axis()));
    int index = launch.next();
    launch.number(0).number(0).number(0).number(0).number(0).ready();
    return (layout, _, _) -> {
      int batch = layout.active(0);
      if (batch > 0) {
        launch.set(index, from.ragged(layout));
        launch.set(index + 1, from.longest(layout));
        launch.set(index + 2, to.ragged(layout));
        launch.set(index + 3, to.longest(layout));
        launch.set(index + 4, batch);
        site.spread(launch, columns, Math.multiplyExact(batch, results.applyAsInt(layout)));
      }
    };
  }

  private Kernel windows(AcrossSteps operation, String options, @Nullable View history, Taps taps) {
    View in = operation.in();
    View out = operation.writes().getFirst();
    Launch launch = launch(KernelSource.WINDOWS, options, in, out).view(history, site.buffers(), site.any())
        .number(history == null ? 0 : history.columns() / in.columns()).number(in.columns());
    return run(taps.add(launch), in, out, in.columns(), Steps.of(out)::longest);
  }

  /** The history is read by all windows before it is replaced. */
  private Kernel streamed(AcrossSteps.Gather gather, View history) {
    View in = gather.in();
    Kernel windows = windows(gather, "", history, Taps.of(gather.window()));
    Launch launch = launch(KernelSource.KEEP, "", in, history).number(history.columns() / in.columns())
        .number(in.columns());
    Kernel keep = run(launch, in, history, in.columns(), _ -> 1);
    return (layout, stepRow, rows) -> {
      windows.run(layout, stepRow, rows);
      keep.run(layout, stepRow, rows);
    };
  }

  private Kernel pool(AcrossSteps operation, AcrossSteps.Pool.Rule rule, Taps taps, boolean padded) {
    View in = operation.in();
    View out = operation.writes().getFirst();
    Launch launch = launch(KernelSource.POOL, " -DPOOL=" + rule, in, out).number(padded ? 1 : 0).number(out.columns());
    return run(taps.add(launch), in, out, out.columns(), Steps.of(out)::longest);
  }

  private Kernel softmax(AcrossSteps.SoftmaxSteps softmax) {
    Launch launch = launch(KernelSource.SOFTMAX_STEPS, "", softmax.in(), softmax.out())
        .number(softmax.out().columns());
    return run(launch, softmax.in(), softmax.out(), softmax.out().columns(), _ -> 1);
  }

  private Kernel weightedSum(AcrossSteps.WeightedSum sum) {
    int heads = sum.weights().columns();
    Launch launch = launch(KernelSource.WEIGHTED_SUM, "", sum.in(), sum.out())
        .view(sum.weights(), buffer(sum.weights())).number(heads).number(sum.in().columns());
    return run(launch, sum.in(), sum.out(), sum.in().columns(), _ -> heads);
  }
}
