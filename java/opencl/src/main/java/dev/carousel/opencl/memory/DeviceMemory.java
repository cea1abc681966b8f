package dev.carousel.opencl.memory;

import dev.carousel.opencl.device.OpenedDevice;
import dev.carousel.opencl.driver.Objects;
import dev.carousel.opencl.driver.OpenClDevice;
import dev.carousel.spi.form.Check;
import java.lang.foreign.MemorySegment;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jocl.CL;
import org.jocl.Pointer;
import org.jocl.cl_mem;

/** Buffers on the device, all that belong together: checked against its limits before the first is made. */
public final class DeviceMemory {
  private static final int ALIGNMENT = 64;

  private final Map<Object, cl_mem> buffers = new LinkedHashMap<>();
  private final Map<Object, MemorySegment> hosts = new HashMap<>();
  private final Map<Object, Long> sizes;
  private final long bytes;

  /**
   * Makes a buffer of so many bytes for each key; what a key says of itself goes into messages.
   *
   * @param shared whether the host sees it as well
   */
  public DeviceMemory(OpenedDevice opened, Objects owner, Map<Object, Long> sizes, boolean shared,
      String what) {
    this.sizes = Map.copyOf(sizes);
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
    sizes.forEach((key, size) -> {
      Pointer host = shared ? share(opened, owner, key, size) : null;
      long flags = CL.CL_MEM_READ_WRITE | (shared ? CL.CL_MEM_USE_HOST_PTR : 0);
      int[] code = new int[1];
      buffers.put(key, owner.own(CL.clCreateBuffer(opened.context(), flags, size, host, code), code,
          "clCreateBuffer of " + size + " bytes for " + key, CL::clReleaseMemObject));
    });
    bytes = (long) sum;
  }

  /** Memory that host and device both see at any time. */
  private Pointer share(OpenedDevice opened, Objects owner, Object key, long size) {
    Pointer pointer = CL.clSVMAlloc(opened.context(), CL.CL_MEM_READ_WRITE | CL.CL_MEM_SVM_FINE_GRAIN_BUFFER, size,
        ALIGNMENT);
    int code = pointer == null ? CL.CL_MEM_OBJECT_ALLOCATION_FAILURE : CL.CL_SUCCESS;
    owner.own(String.valueOf(pointer), new int[]{code}, "clSVMAlloc of " + size + " bytes for " + key, _ -> {
      CL.clSVMFree(opened.context(), pointer);
      return CL.CL_SUCCESS;
    });
    hosts.put(key, MemorySegment.ofAddress(pointer.getNativePointer()).reinterpret(size));
    return pointer;
  }

  /** The memory of a buffer as the host sees it, where it is shared. */
  public MemorySegment host(Object key) {
    MemorySegment host = hosts.get(key);
    if (host == null) {
      throw new IllegalArgumentException(key + " has no memory that is shared.");
    }
    return host;
  }

  /** The buffer of a key. */
  public cl_mem get(Object key) {
    cl_mem buffer = buffers.get(key);
    if (buffer == null) {
      throw new IllegalArgumentException(key + " has no buffer on the device.");
    }
    return buffer;
  }

  /** The bytes of the buffer of a key. */
  public long size(Object key) {
    return sizes.getOrDefault(key, 0L);
  }

  /** The bytes of all. */
  public long bytes() {
    return bytes;
  }
}
