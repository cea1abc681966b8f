package dev.carousel.opencl.memory;

import dev.carousel.opencl.device.OpenedDevice;
import dev.carousel.opencl.driver.Objects;
import dev.carousel.opencl.driver.OpenClDevice;
import dev.carousel.spi.Check;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jocl.CL;
import org.jocl.cl_mem;

/** Buffers on the device, all that belong together: checked against its limits before the first is made. */
public final class DeviceMemory {
  private final Map<Object, cl_mem> buffers = new LinkedHashMap<>();
  private final long bytes;

  /** Makes a buffer of so many bytes for each key; what a key says of itself goes into messages. */
  public DeviceMemory(OpenedDevice opened, Objects owner, Map<Object, Long> sizes, String what) {
    OpenClDevice device = opened.device();
    double sum = 0;
    for (Map.Entry<Object, Long> size : sizes.entrySet()) {
      sum += size.getValue();
      Check.argument(size.getValue() <= device.largest(),
          "%s takes %d bytes for %s, and the largest buffer of %s is of %d. Ask for less, or do it in parts.", what,
          size.getValue(), size.getKey(), device.id(), device.largest());
    }
    Check.argument(sum <= device.memory(), "%s takes %.0f bytes, and %s has %d. Ask for less, or do it in parts.", what,
        sum, device.id(), device.memory());
    int[] code = new int[1];
    sizes.forEach((key, size) -> buffers.put(key,
        owner.own(CL.clCreateBuffer(opened.context(), CL.CL_MEM_READ_WRITE, size, null, code), code,
            "clCreateBuffer of " + size + " bytes for " + key, CL::clReleaseMemObject)));
    bytes = (long) sum;
  }

  /** The buffer of a key. */
  public cl_mem get(Object key) {
    cl_mem buffer = buffers.get(key);
    if (buffer == null) {
      throw new IllegalArgumentException(key + " has no buffer on the device.");
    }
    return buffer;
  }

  /** The bytes of all. */
  public long bytes() {
    return bytes;
  }
}
