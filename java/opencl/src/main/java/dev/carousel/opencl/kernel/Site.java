package dev.carousel.opencl.kernel;

import dev.carousel.opencl.device.DeviceProgram;
import dev.carousel.opencl.device.KernelSource;
import dev.carousel.opencl.device.OpenedDevice;
import dev.carousel.opencl.device.Profile;
import dev.carousel.opencl.driver.OpenClDevice.Kind;
import dev.carousel.opencl.memory.OpenClBuffers;
import dev.carousel.opencl.memory.Packed;
import dev.carousel.opencl.memory.Parameters;
import dev.carousel.spi.form.CellUpdate;
import dev.carousel.spi.form.Slot;
import org.jocl.cl_mem;
import org.jspecify.annotations.Nullable;

/**
 * Where kernels of a session run.
 *
 * @param parallel CPU: the groups of one work-item, each a thread of the device, that a launch may have
 */
record Site(OpenedDevice opened, OpenClBuffers buffers, Parameters parameters, int parallel) {
  private static final int GROUP = 64;
  private static final int MOST_GROUPS = 1 << 15; // of an axis; work-items take several rows where there are more

  Profile profile() {
    return opened.profile();
  }

  boolean cpu() {
    return profile().kind() == Kind.CPU;
  }

  Launch launch(KernelSource source, String options) {
    DeviceProgram program = opened.program(source, options);
    return new Launch(program, buffers);
  }

  /** A buffer where one is wanted that is not used. */
  cl_mem any() {
    return buffers.tables().buffer();
  }

  /** The groups that an operation over rows of so many columns is given. */
  void spread(Launch launch, int columns, int rows) {
    if (cpu()) {
      launch.groups(1, 1).run(1, Math.min(parallel, rows));
    } else {
      launch.groups(GROUP, 1).run(Math.min(MOST_GROUPS, (columns - 1) / GROUP + 1), Math.min(MOST_GROUPS, rows));
    }
  }

  /** The groups that an operation is given of which a work-item takes rows as a whole. */
  void line(Launch launch, int rows) {
    if (cpu()) {
      launch.groups(1, 1).run(Math.min(parallel, rows), 1);
    } else {
      launch.groups(GROUP, 1).run(Math.min(MOST_GROUPS, (rows - 1) / GROUP + 1), 1);
    }
  }

  /** The next three arguments: what a cell does with its sums, whether it has peepholes, and those. */
  Launch cell(Launch launch, CellUpdate update) {
    return parameter(launch.buffer(parameters.get(OperationKernels.settings(update))),
        OperationKernels.peephole(update));
  }

  /** The next two arguments: whether there is a parameter, and that. */
  Launch parameter(Launch launch, @Nullable Slot slot) {
    return launch.number(slot == null ? 0 : 1).buffer(slot == null ? any() : parameters.get(slot));
  }

  /** How a product's weights are packed where it stands alone. */
  static Packed packed(Profile profile, Slot weight, @Nullable Slot bias) {
    return new Packed(1, profile.kind() == Kind.CPU ? GateGemmKernel.BLOCKS * profile.lanes() : weight.rows(), weight,
        bias);
  }
}
