package dev.carousel.opencl.device;

import dev.carousel.opencl.driver.OpenClDevice;
import dev.carousel.opencl.driver.OpenClDevice.Kind;
import java.util.Locale;

/**
 * What suits a device: which kernels it runs, and how they are cut. It changes how fast a device is and, but for the
 * rounding of sums, not its answers.
 *
 * @param kind which family of kernels
 * @param lanes the floats of a vector: 16, 8, 4, or 1 where work-items are the lanes
 * @param tileRows CPU: the rows that one pass over the weights is for: 2, 3, 4 or 6
 * @param fused whether a fused multiply-add is an instruction
 * @param wholeBytes the bytes of recurrent weights up to which a layer runs in one launch; larger ones by the step
 * @param hoistRows CPU: the rows of a work-item from which on it makes the input's products as it goes; fewer, and all
 *          steps' are made before
 * @param group GPU: the work-items of a group that runs a layer in one launch
 * @param carried GPU: the rows of the batch that such a group carries
 * @param shared whether host and device share memory down to single bytes
 */
public record Profile(Kind kind, int lanes, int tileRows, boolean fused, long wholeBytes, int hoistRows, int group,
    int carried, boolean shared) {
  private static final int MIB = 1 << 20;

  /** What is known to suit a kind of device, before anything was measured on it. */
  public static Profile of(OpenClDevice device) {
    boolean llvmpipe = device.llvmpipe(); // ends loops after 65,535 turns, and has no fused multiply-add
    if (device.kind() == Kind.GPU) {
      boolean warps = device.vendor().toLowerCase(Locale.ROOT).contains("nvidia");
      return new Profile(Kind.GPU, 1, 4, !llvmpipe, llvmpipe ? 0 : MIB, 0, warps ? 256 : 64, 4,
          false);
    }
    int rows = device.lanes() == 16 ? 6 : 3; // sums, weights and an input fill the registers of such a processor
    return new Profile(Kind.CPU, device.lanes(), rows, true, 32 * MIB, 4, 1, 1, device.shares());
  }

  /** The options that its kernels are built with. */
  String options() {
    return "-DLANES=" + lanes + " -DTILE_ROWS=" + tileRows + (fused ? " -DFMA" : "") + " -DGROUP=" + group
        + " -DCARRIED=" + carried;
  }
}
