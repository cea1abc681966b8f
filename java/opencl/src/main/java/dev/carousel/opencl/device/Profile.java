package dev.carousel.opencl.device;

import dev.carousel.opencl.driver.OpenClDevice;
import dev.carousel.opencl.driver.OpenClDevice.Kind;
import java.util.Locale;
import java.util.regex.Pattern;

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

  /**
   * The graphics cards that are told apart, by words in their vendors' names. Nothing here was measured on such a card:
   * groups are a few of what the vendor's cards run in step, and a MiB of weights fits the cache that all groups read.
   */
  private enum Card {
    NVIDIA(256, MIB, "nvidia"), // 8 warps of 32
    AMD(256, MIB, "amd|advanced micro devices"), // 4 wavefronts of 64 or 8 of 32, and the most that a driver takes
    INTEL(128, MIB, "intel"), // 8 threads of 16
    OTHER(64, MIB, "");

    private static final int CARRIED = 4; // sums of four gates then take 16 registers

    private final int group;
    private final int wholeBytes;
    private final String words; // a regular expression

    Card(int group, int wholeBytes, String words) {
      this.group = group;
      this.wholeBytes = wholeBytes;
      this.words = words;
    }

    static Card of(String vendor) {
      String lower = vendor.toLowerCase(Locale.ROOT);
      for (Card card : values()) {
        if (Pattern.compile(card.words).matcher(lower).find()) {
          return card;
        }
      }
      return OTHER;
    }

    Profile profile() {
      return new Profile(Kind.GPU, 1, 4, true, wholeBytes, 0, group, CARRIED, false);
    }
  }

  /** What is known to suit a kind of device, before anything was measured on it; {@link Tuning} knows what was. */
  public static Profile of(OpenClDevice device) {
    if (device.llvmpipe()) { // ends loops after 65,535 turns, and has no fused multiply-add
      return new Profile(Kind.GPU, 1, 4, false, 0, 0, Card.OTHER.group, Card.CARRIED, false);
    }
    return device.kind() == Kind.GPU ? Card.of(device.vendor()).profile() : processor(device);
  }

  private static Profile processor(OpenClDevice device) {
    int rows = device.lanes() == 16 ? 6 : 3; // sums, weights and an input fill the registers of such a processor
    return new Profile(Kind.CPU, device.lanes(), rows, true, 32 * MIB, 4, 1, 1, device.shares());
  }

  /** The options that its kernels are built with. */
  String options() {
    return "-DLANES=" + lanes + " -DTILE_ROWS=" + tileRows + (fused ? " -DFMA" : "") + " -DGROUP=" + group
        + " -DCARRIED=" + carried;
  }
}
