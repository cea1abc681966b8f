package dev.carousel.opencl.kernel;

import dev.carousel.kit.FusedLayer;
import dev.carousel.opencl.device.KernelSource;
import dev.carousel.opencl.memory.OpenClBuffers;
import dev.carousel.spi.Layout;
import dev.carousel.spi.form.Scan;
import dev.carousel.spi.form.View;

/** CPU: a whole layer of few rows, the units of each step shared by work-items. */
final class SharedScan {
  private final Launch launch;
  private final int setIndex; // of the arguments: where this run's counts begin, where the last run's, how many those are
  private final int stepsIndex;
  private final int parallel;
  private final int parts; // of a step of one row; of more rows there are more
  private final long setSize;
  private long set;
  private int stale;

  SharedScan(Site site, FusedLayer layer) {
    OpenClBuffers buffers = site.buffers();
    parallel = site.parallel();
    int panels = ScanKernel.stateWeights(site.profile(), layer).panels();
    parts = (panels + 1) / 2;
    launch = site.launch(KernelSource.SCAN_SHARED, ScanKernel.options(layer));
    View in = layer.input().in();
    launch.view(in, buffers.get(in.slot())).number(in.columns());
    launch.buffer(site.parameters().get(ScanKernel.inputWeights(site.profile(), layer)))
        .buffer(site.parameters().get(ScanKernel.stateWeights(site.profile(), layer)));
    launch.view(layer.hidden(), buffers.get(layer.hidden().slot())).number(layer.hidden().columns());
    launch.view(layer.state(), buffers, site.any())
        .buffer(buffers.get(new ScanKernel.Extra("spare rows", layer.scan())));
    launch.number(layer.out() == null ? 0 : 1).view(layer.out(), buffers, site.any());
    site.cell(launch, layer.update()).number(layer.units())
        .number(layer.scan().direction() == Scan.Direction.REVERSE ? 1 : 0);
    ScanKernel.Extra progress = new ScanKernel.Extra("progress", layer.scan());
    long bytes = buffers.size(progress);
    buffers.clear(progress, bytes);
    setSize = bytes / 2 / Integer.BYTES;
    launch.buffer(buffers.get(progress));
    setIndex = launch.next();
    launch.offset(0).offset(0).number(0);
    stepsIndex = launch.next();
    launch.number(0).number(0).groups(1, 1).ready();
  }

  /** The bytes of the counts of two runs. */
  static long bytes(int parallel, int maxSteps) {
    return 2L * Integer.BYTES * (parallel + (maxSteps + 1L) * (1 + parallel));
  }

  /** Runs it over the steps of the layer's axis. */
  void run(Layout along, Launch.Input input) {
    int batch = along.batch();
    int groups = Math.min(parallel, parts);
    launch.input(input);
    launch.setOffset(setIndex, set);
    set = setSize - set;
    launch.setOffset(setIndex + 1, set);
    launch.set(setIndex + 2, stale);
    stale = groups + (along.steps() + 1) * (1 + groups);
    launch.set(stepsIndex, along.steps());
    launch.set(stepsIndex + 1, batch);
    launch.run(groups, 1);
  }
}
