package dev.carousel.opencl.driver;

import java.util.Locale;
import java.util.Optional;
import org.jocl.CL;
import org.jocl.cl_device_id;
import org.jocl.cl_platform_id;

/**
 * A device of a platform, and what is to be known of it.
 *
 * @param kind what sort of kernels suit it
 * @param lanes the floats of its registers, 1 where work-items are the lanes
 * @param memory the bytes of its memory
 * @param largest the bytes of the largest buffer
 * @param shares whether its memory is the host's, and both may look at it at any time
 * @param local the bytes of the memory that a work-group shares
 */
public record OpenClDevice(cl_platform_id platform, cl_device_id handle, String id, String name, String vendor,
    String version, String driver, Kind kind, int units, int lanes, long memory, long largest, long local,
    boolean halves,
    boolean doubles, boolean shares, Optional<String> unavailable) {
  private static final String LLVMPIPE = "llvmpipe"; // Mesa's graphics card in software

  /** What sort of kernels suit a device. */
  public enum Kind {
    CPU, // a work-item is a thread, and its vectors are registers
    GPU // work-items are lanes, and a work-group shares memory
  }

  static OpenClDevice of(cl_platform_id platform, cl_device_id handle, String id) {
    long type = Query.number(handle, CL.CL_DEVICE_TYPE);
    String name = Query.text(handle, CL.CL_DEVICE_NAME);
    Kind kind = (type & CL.CL_DEVICE_TYPE_CPU) != 0 && !name.contains(LLVMPIPE) ? Kind.CPU : Kind.GPU;
    String extensions = Query.text(handle, CL.CL_DEVICE_EXTENSIONS);
    return new OpenClDevice(platform, handle, id, name, Query.text(handle, CL.CL_DEVICE_VENDOR),
        Query.text(handle, CL.CL_DEVICE_VERSION), Query.text(handle, CL.CL_DRIVER_VERSION), kind,
        Math.toIntExact(Query.number(handle, CL.CL_DEVICE_MAX_COMPUTE_UNITS)),
        kind == Kind.GPU ? 1 : lanes(Query.number(handle, CL.CL_DEVICE_NATIVE_VECTOR_WIDTH_FLOAT)),
        Query.number(handle, CL.CL_DEVICE_GLOBAL_MEM_SIZE), Query.number(handle, CL.CL_DEVICE_MAX_MEM_ALLOC_SIZE),
        Query.number(handle, CL.CL_DEVICE_LOCAL_MEM_SIZE), extensions.contains("cl_khr_fp16"),
        extensions.contains("cl_khr_fp64"), shares(handle), problem(handle));
  }

  @SuppressWarnings("deprecation") // what came after the first question does not say the same
  private static boolean shares(cl_device_id handle) {
    try {
      return Query.number(handle, CL.CL_DEVICE_HOST_UNIFIED_MEMORY) != 0
          && (Query.number(handle, CL.CL_DEVICE_SVM_CAPABILITIES) & CL.CL_DEVICE_SVM_FINE_GRAIN_BUFFER) != 0;
    } catch (OpenClException old) { // the question is of OpenCL 2
      return false;
    }
  }

  private static int lanes(long wide) {
    return wide >= 16 ? 16 : wide >= 8 ? 8 : 4;
  }

  private static Optional<String> problem(cl_device_id handle) {
    if (Query.number(handle, CL.CL_DEVICE_AVAILABLE) == 0) {
      return Optional.of("Its driver says that it is not available. Look whether another program holds it.");
    }
    if (Query.number(handle, CL.CL_DEVICE_COMPILER_AVAILABLE) == 0) {
      return Optional
          .of("Its driver has no compiler, and kernels are compiled for each device. Install a full driver.");
    }
    if (Query.number(handle, CL.CL_DEVICE_ENDIAN_LITTLE) == 0) {
      return Optional.of("It stores numbers big-endian, and data is passed little-endian. Use another device.");
    }
    return Optional.empty();
  }

  /** Whether a processor acts as a graphics card, or as any device, to try things out on. */
  public boolean simulated() {
    return name.contains(LLVMPIPE) || name.contains("Oclgrind");
  }

  /** Whether it is Mesa's graphics card in software. */
  public boolean llvmpipe() {
    return name.contains(LLVMPIPE);
  }

  /** What it is, for people. */
  public String description() {
    return String.format(Locale.ROOT, "%s (%s), %s, driver %s, %d compute units, %.1f GiB%s%s", name, vendor, version,
        driver, units, memory / 0x1p30, halves ? ", fp16" : "", doubles ? ", fp64" : "");
  }
}
