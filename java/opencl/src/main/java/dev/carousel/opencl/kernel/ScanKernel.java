package dev.carousel.opencl.kernel;

import dev.carousel.kit.FusedLayer;
import dev.carousel.opencl.device.KernelSource;
import dev.carousel.opencl.device.Profile;
import dev.carousel.opencl.driver.OpenClDevice;
import dev.carousel.opencl.driver.OpenClDevice.Kind;
import dev.carousel.opencl.memory.OpenClBuffers;
import dev.carousel.opencl.memory.Packed;
import dev.carousel.spi.Kernels.Stage;
import dev.carousel.spi.Layout;
import dev.carousel.spi.form.Axis;
import dev.carousel.spi.form.CellUpdate;
import dev.carousel.spi.form.GateGemm;
import dev.carousel.spi.form.Scan;
import dev.carousel.spi.form.Slot;
import dev.carousel.spi.form.View;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import org.jocl.cl_mem;
import org.jspecify.annotations.Nullable;

/** A whole layer in one direction, in one launch, or in two where the products of the inputs are made before. */
final class ScanKernel implements Stage {
  private static final int FEW = 4; // CPU: rows of a work-item up to which work-items share the units of a step instead

  private final Site site;
  private final Axis axis;
  private final Launch launch;
  private final GateGemmKernel inputs;
  private final Launch.Input plain; // CPU: the inputs themselves
  private final Launch.Input multiplied; // CPU: their products, which have been made before
  private final int ragged; // the index of this argument; behind it are those of steps and batch
  private final @Nullable SharedScan shared; // CPU: for few rows

  /** What a layer keeps on the device beside its slots, by name. */
  record Extra(String name, Scan scan) {
    @Override
    public String toString() {
      return "the " + name + " of a layer";
    }
  }

  ScanKernel(Site site, FusedLayer layer) {
    this.site = site;
    axis = layer.scan().axis();
    OpenClBuffers buffers = site.buffers();
    Slot gates = layer.input().out().slot();
    cl_mem gateBuffer = buffers.get(new Extra("gates", layer.scan()));
    inputs = new GateGemmKernel(site, layer.input().in(), inputWeights(site.profile(), layer), gates.view(), gateBuffer,
        false);
    View in = layer.input().in();
    plain = Launch.Input.of(in, buffers.get(in.slot()), in.columns());
    multiplied = Launch.Input.of(gates.view(), gateBuffer, 0);
    launch = site.launch(KernelSource.SCAN, options(layer));
    cl_mem recurrent = site.parameters().get(stateWeights(site.profile(), layer));
    cl_mem second = layer.second() == null ? site.any() : site.parameters().get(second(site.profile(), layer.second()));
    launch.view(gates.view(), gateBuffer);
    if (site.cpu()) {
      launch.number(0).buffer(site.parameters().get(inputWeights(site.profile(), layer)));
    }
    launch.buffer(recurrent).buffer(second);
    launch.view(layer.hidden(), buffers.get(layer.hidden().slot())).number(layer.hidden().columns());
    launch.view(layer.state(), buffers, site.any());
    if (site.cpu()) {
      launch.buffer(buffers.get(new Extra("spare rows", layer.scan())));
    } else {
      long carried = 4L * site.profile().carried();
      launch.shared(carried * layer.hidden().columns()).shared(carried * spare(layer) * layer.units());
    }
    launch.number(layer.out() == null ? 0 : 1).view(layer.out(), buffers, site.any());
    site.cell(launch, layer.update()).number(layer.units())
        .number(layer.scan().direction() == Scan.Direction.REVERSE ? 1 : 0)
        .buffer(buffers.tables().buffer()).number(buffers.tables().active(axis))
        .number(buffers.tables().first(axis));
    shared = shares(site.profile(), layer, site.parallel()) ? new SharedScan(site, layer) : null;
    ragged = launch.next();
    launch.number(0).number(0).number(0).groups(site.profile().group(), 1).ready();
  }

  /** Whether this device runs a layer as a whole. */
  static boolean suits(OpenClDevice device, Profile profile, FusedLayer layer) {
    long weights = 4L * layer.recurrent().weight().rows() * layer.recurrent().weight().columns();
    long shared = 4L * profile.carried() * (layer.hidden().columns() + (long) spare(layer) * layer.units());
    return weights <= profile.wholeBytes() && (profile.kind() == Kind.CPU || shared <= device.local());
  }

  /** The keys of the parameters that a layer needs. */
  static Set<Object> parameters(Profile profile, FusedLayer layer) {
    Set<Object> keys = new LinkedHashSet<>();
    keys.add(inputWeights(profile, layer));
    keys.add(stateWeights(profile, layer));
    if (layer.second() != null) {
      keys.add(second(profile, layer.second()));
    }
    keys.addAll(OperationKernels.parameters(profile, layer.update()));
    return keys;
  }

  /** The bytes of what a layer needs beside its slots. */
  static Map<Object, Long> sizes(Profile profile, FusedLayer layer, int parallel, int maxSteps, int maxBatch) {
    Map<Object, Long> sizes = new LinkedHashMap<>();
    Slot gates = layer.input().out().slot();
    int hoisted = profile.kind() == Kind.GPU ? maxBatch : Math.min(maxBatch, parallel * profile.hoistRows());
    sizes.put(new Extra("gates", layer.scan()), gates.bytes(maxSteps, hoisted));
    if (profile.kind() == Kind.CPU) {
      boolean shares = shares(profile, layer, parallel);
      sizes.put(new Extra("spare rows", layer.scan()), 4L * maxBatch * spareColumns(layer, shares));
      if (shares) {
        sizes.put(new Extra("progress", layer.scan()), SharedScan.bytes(parallel, gates.axis().steps(maxSteps)));
      }
    }
    return sizes;
  }

  private static boolean shares(Profile profile, FusedLayer layer, int parallel) {
    return profile.kind() == Kind.CPU && parallel > 1 && layer.second() == null;
  }

  static Packed inputWeights(Profile profile, FusedLayer layer) {
    GateGemm input = layer.input();
    return layer.gates() == 1 || profile.kind() == Kind.GPU
        ? Site.packed(profile, input.weight(), input.bias())
        : new Packed(layer.gates(), profile.lanes(), input.weight(), input.bias());
  }

  static Packed stateWeights(Profile profile, FusedLayer layer) {
    GateGemm recurrent = layer.recurrent();
    return layer.gates() == 1 || profile.kind() == Kind.GPU
        ? Site.packed(profile, recurrent.weight(), recurrent.bias())
        : new Packed(layer.recurrentGates(), profile.lanes(), recurrent.weight(), recurrent.bias());
  }

  private static Packed second(Profile profile, GateGemm second) {
    return Site.packed(profile, second.weight(), second.bias());
  }

  private static boolean resetsBefore(FusedLayer layer) {
    return layer.update() instanceof CellUpdate.Gru gru && gru.recurrent() == null;
  }

  /** CPU: the floats of a row that is put down for later in its step, or for the next one, in the place of the state. */
  private static long spareColumns(FusedLayer layer, boolean shares) {
    return layer.second() == null ? (shares ? 2L : 1L) * layer.hidden().slot().columns()
        : (long) spare(layer) * layer.units();
  }

  /** The floats that a row leaves for later in its step, in units. */
  private static int spare(FusedLayer layer) {
    return resetsBefore(layer) ? 3 : 1;
  }

  static String options(FusedLayer layer) {
    boolean projected = layer.second() != null && !resetsBefore(layer);
    return OperationKernels.options(layer.update()) + (projected ? " -DPROJECTED" : "");
  }

  @Override
  public void run(Layout layout) {
    Layout along = layout.along(axis);
    int batch = along.active(0);
    if (batch == 0) {
      return;
    }
    int groups = site.cpu() ? Math.min(site.parallel(), batch) : (batch - 1) / site.profile().carried() + 1;
    int each = (batch - 1) / groups + 1;
    boolean few = shared != null && along.uniform() && each <= FEW;
    boolean hoisted = !site.cpu() || ((few ? batch : each) < site.profile().hoistRows() && along.longest() > 1);
    if (hoisted) {
      inputs.run(along, 0, along.rows());
    }
    if (shared != null && few) {
      shared.run(along, hoisted ? multiplied : plain);
      return;
    }
    if (site.cpu()) {
      launch.input(hoisted ? multiplied : plain);
    }
    launch.set(ragged, along.uniform() ? 0 : 1);
    launch.set(ragged + 1, along.longest());
    launch.set(ragged + 2, batch);
    launch.run(groups, 1);
  }
}
