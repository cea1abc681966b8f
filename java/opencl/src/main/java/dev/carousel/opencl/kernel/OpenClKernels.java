package dev.carousel.opencl.kernel;

import dev.carousel.kit.FusedLayer;
import dev.carousel.kit.Fusion.Layers;
import dev.carousel.kit.Fusion.Part;
import dev.carousel.kit.Fusion.Single;
import dev.carousel.opencl.device.OpenedDevice;
import dev.carousel.opencl.driver.OpenClException;
import dev.carousel.opencl.memory.OpenClBuffers;
import dev.carousel.opencl.memory.Parameters;
import dev.carousel.spi.Kernels;
import dev.carousel.spi.Layout;
import dev.carousel.spi.form.Operation;
import dev.carousel.spi.form.Slot;
import dev.carousel.spi.form.Step;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jocl.CL;
import org.jocl.cl_mem;

/** The steps of a Program on the buffers of a session: whole layers where the device runs them so, else operations. */
public final class OpenClKernels implements Kernels {
  private final LayerPlan plan;
  private final Site site;
  private final OperationKernels operations;
  private final Map<Slot, Kernel> arranged = new HashMap<>();
  private final Map<Slot, Kernel> restored = new HashMap<>();

  /** For a session of a plan, with parameters that have been sent. */
  public OpenClKernels(OpenedDevice opened, LayerPlan plan, Parameters parameters, OpenClBuffers buffers) {
    this.plan = plan;
    site = new Site(opened, buffers, parameters, plan.parallel());
    operations = new OperationKernels(site);
    for (Slot state : plan.program().slots(Slot.Role.STATE)) {
      arranged.put(state, operations.arrange(state, buffers.spare(), false));
      restored.put(state, operations.arrange(state, buffers.spare(), true));
    }
    buffers.arrangeBy(this::arrange);
  }

  @Override
  public Kernel bind(Operation operation) {
    return operations.bind(operation);
  }

  @Override
  public List<Stage> bind(List<Step> steps) {
    List<Stage> stages = new ArrayList<>();
    stages.add(layout -> site.buffers().tables().begin(layout));
    for (Part part : plan.fusion().parts()) {
      switch (part) {
        case Layers(List<FusedLayer> layers) -> layers.forEach(layer -> {
          if (plan.whole(layer)) {
            stages.add(new ScanKernel(site, layer));
          } else {
            stages.addAll(Kernels.super.bind(List.of(layer.input(), layer.scan())));
          }
        });
        case Single(Step step) -> stages.addAll(Kernels.super.bind(List.of(step)));
      }
    }
    stages.add(_ -> site.buffers().flush());
    return stages;
  }

  private void arrange(Slot state, Layout layout, boolean back) {
    cl_mem spare = site.buffers().spare();
    cl_mem rows = site.buffers().get(state);
    OpenClException.check("clEnqueueCopyBuffer", CL.clEnqueueCopyBuffer(site.buffers().queue(), rows, spare, 0, 0,
        state.bytes(1, layout.batch()), 0, null, null));
    Kernel kernel = (back ? restored : arranged).get(state);
    if (kernel == null) {
      throw new IllegalArgumentException(state + " is no state of this program.");
    }
    kernel.run(layout, 0, layout.batch());
  }
}
