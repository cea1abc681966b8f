package dev.carousel.opencl.kernel;

import dev.carousel.kit.FusedLayer;
import dev.carousel.kit.Fusion;
import dev.carousel.kit.Fusion.Layers;
import dev.carousel.kit.Fusion.Part;
import dev.carousel.kit.Fusion.Single;
import dev.carousel.opencl.device.OpenedDevice;
import dev.carousel.opencl.device.Profile;
import dev.carousel.spi.form.Operation;
import dev.carousel.spi.form.Program;
import dev.carousel.spi.form.Scan;
import dev.carousel.spi.form.Slot;
import dev.carousel.spi.form.Step;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * How a Program runs on a device: which layers as a whole, and what for it has to lie on the device.
 *
 * @param parallel CPU: the threads of the device that a launch may use
 */
public record LayerPlan(OpenedDevice opened, Program program, Fusion fusion, int parallel) {
  /** The plan for so many threads. */
  public static LayerPlan of(OpenedDevice opened, Program program, int threads) {
    return new LayerPlan(opened, program, Fusion.of(program), Math.min(threads, opened.device().units()));
  }

  /** Whether a layer runs as a whole. */
  boolean whole(FusedLayer layer) {
    return ScanKernel.suits(opened.device(), opened.profile(), layer);
  }

  private List<FusedLayer> wholeLayers() {
    List<FusedLayer> layers = new ArrayList<>();
    for (Part part : fusion.parts()) {
      if (part instanceof Layers(List<FusedLayer> found)) {
        found.stream().filter(this::whole).forEach(layers::add);
      }
    }
    return layers;
  }

  /** The keys of all parameters. */
  public Set<Object> parameters() {
    Profile profile = opened.profile();
    Set<Object> keys = new LinkedHashSet<>();
    for (Part part : fusion.parts()) {
      switch (part) {
        case Layers(List<FusedLayer> layers) -> layers.forEach(layer -> {
          if (whole(layer)) {
            keys.addAll(ScanKernel.parameters(profile, layer));
          } else {
            step(layer.input(), keys);
            step(layer.scan(), keys);
          }
        });
        case Single(Step step) -> step(step, keys);
      }
    }
    return keys;
  }

  private void step(Step step, Set<Object> keys) {
    switch (step) {
      case Scan scan -> scan.body().forEach(one -> keys.addAll(OperationKernels.parameters(opened.profile(), one)));
      case Operation one -> keys.addAll(OperationKernels.parameters(opened.profile(), one));
    }
  }

  /** The bytes of all that a session needs on the device. */
  public Map<Object, Long> sizes(int maxSteps, int maxBatch) {
    Map<Object, Long> sizes = new LinkedHashMap<>();
    for (Slot.Role role : Slot.Role.values()) {
      if (role != Slot.Role.PARAMETER) {
        program.slots(role).forEach(slot -> sizes.put(slot, slot.bytes(maxSteps, maxBatch)));
      }
    }
    for (FusedLayer layer : wholeLayers()) {
      layer.absorbed().forEach(sizes::remove);
      sizes.putAll(ScanKernel.sizes(opened.profile(), layer, parallel, maxSteps, maxBatch));
    }
    return sizes;
  }
}
