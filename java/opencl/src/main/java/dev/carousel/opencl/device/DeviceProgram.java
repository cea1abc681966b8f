package dev.carousel.opencl.device;

import dev.carousel.opencl.driver.Objects;
import dev.carousel.opencl.driver.OpenClDevice;
import dev.carousel.opencl.driver.OpenClException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jocl.CL;
import org.jocl.Pointer;
import org.jocl.Sizeof;
import org.jocl.cl_command_queue;
import org.jocl.cl_device_id;
import org.jocl.cl_kernel;
import org.jocl.cl_program;

/** A kernel compiled for a device: from the user's cache where it was before, and kept there for the next start. */
public final class DeviceProgram {
  private final cl_program program;
  private final KernelSource source;
  private final BinaryCache.Entry entry;
  private final AtomicBoolean kept;

  private DeviceProgram(cl_program program, KernelSource source, BinaryCache.Entry entry, boolean kept) {
    this.program = program;
    this.source = source;
    this.entry = entry;
    this.kept = new AtomicBoolean(kept);
  }

  static DeviceProgram build(OpenedDevice opened, Objects owner, KernelSource source, String options) {
    OpenClDevice device = opened.device();
    String text = source.text(opened.profile().kind());
    BinaryCache.Entry entry = BinaryCache.entry(device, text, options);
    Optional<cl_program> before = entry.read().flatMap(binary -> fromBinary(opened, binary, options));
    cl_program program = before.orElseGet(() -> fromSource(opened, source, text, options));
    owner.own(program, new int[1], "clCreateProgram", CL::clReleaseProgram);
    return new DeviceProgram(program, source, entry, before.isPresent());
  }

  /** Nothing where the driver does not take it, for whatever reason: then it is made from its source again. */
  private static Optional<cl_program> fromBinary(OpenedDevice opened, byte[] binary, String options) {
    cl_device_id[] device = {opened.device().handle()};
    int[] code = new int[1];
    cl_program program = CL.clCreateProgramWithBinary(opened.context(), 1, device, new long[]{binary.length},
        new byte[][]{binary}, new int[1], code);
    if (code[0] != CL.CL_SUCCESS) {
      return Optional.empty();
    }
    if (CL.clBuildProgram(program, 1, device, options, null, null) != CL.CL_SUCCESS) {
      CL.clReleaseProgram(program);
      return Optional.empty();
    }
    return Optional.of(program);
  }

  private static cl_program fromSource(OpenedDevice opened, KernelSource source, String text, String options) {
    cl_device_id[] device = {opened.device().handle()};
    int[] code = new int[1];
    cl_program program = CL.clCreateProgramWithSource(opened.context(), 1, new String[]{text}, null, code);
    OpenClException.check("clCreateProgramWithSource", code[0]);
    int built = CL.clBuildProgram(program, 1, device, options, null, null);
    if (built != CL.CL_SUCCESS) {
      OpenClException failure = new OpenClException("Kernel " + source.kernel() + " could not be built for "
          + opened.device().id() + " (" + opened.device().description() + "), options " + options
          + ": clBuildProgram gave " + CL.stringFor_errorCode(built) + ".", built, log(program, device[0]));
      CL.clReleaseProgram(program);
      throw failure;
    }
    return program;
  }

  private static String log(cl_program program, cl_device_id device) {
    long[] size = new long[1];
    CL.clGetProgramBuildInfo(program, device, CL.CL_PROGRAM_BUILD_LOG, 0, null, size);
    byte[] log = new byte[(int) Math.min(size[0], 1 << 16)];
    CL.clGetProgramBuildInfo(program, device, CL.CL_PROGRAM_BUILD_LOG, log.length, Pointer.to(log), null);
    return new String(log, StandardCharsets.UTF_8).replace("\0", "").strip();
  }

  /** A kernel with arguments of its own. */
  public cl_kernel kernel(Objects owner) {
    int[] code = new int[1];
    return owner.own(CL.clCreateKernel(program, source.kernel(), code), code, "clCreateKernel of " + source.kernel(),
        CL::clReleaseKernel);
  }

  /** The kernel's name. */
  public String name() {
    return source.kernel();
  }

  /** Whether the compiled form still has to be kept. */
  public boolean fresh() {
    return !kept.getPlain();
  }

  /**
   * Keeps the compiled form, when the kernel has been launched: drivers were seen to compile at the first launch, and to
   * leave that out once they were asked for the binary.
   */
  public void keep(cl_command_queue queue) {
    if (!kept.compareAndSet(false, true) || CL.clFinish(queue) != CL.CL_SUCCESS) {
      return;
    }
    long[] size = new long[1];
    int code = CL.clGetProgramInfo(program, CL.CL_PROGRAM_BINARY_SIZES, Sizeof.size_t, Pointer.to(size), null);
    if (code == CL.CL_SUCCESS && size[0] > 0 && size[0] < Integer.MAX_VALUE) {
      byte[] binary = new byte[(int) size[0]];
      code = CL.clGetProgramInfo(program, CL.CL_PROGRAM_BINARIES, Sizeof.POINTER,
          Pointer.to(Pointer.to(binary)), null);
      if (code == CL.CL_SUCCESS) {
        entry.write(binary);
      }
    }
  }
}
