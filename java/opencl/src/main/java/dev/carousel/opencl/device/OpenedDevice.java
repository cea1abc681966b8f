package dev.carousel.opencl.device;

import dev.carousel.opencl.driver.Holders;
import dev.carousel.opencl.driver.Ledger;
import dev.carousel.opencl.driver.Objects;
import dev.carousel.opencl.driver.OpenClDevice;
import java.util.HashMap;
import java.util.Map;
import org.jocl.CL;
import org.jocl.cl_command_queue;
import org.jocl.cl_context;
import org.jocl.cl_context_properties;
import org.jocl.cl_device_id;

/** A device with a context, and the programs that have been built for it. Shared by threads. */
public final class OpenedDevice {
  private final OpenClDevice device;
  private final Profile profile;
  private final Objects objects = new Objects(new Ledger());
  private final cl_context context;
  private final Map<String, DeviceProgram> programs = new HashMap<>();
  private final Holders holders = new Holders(objects::close); // the back end, and every program that it has compiled

  /** Opens a device, to be used as a profile says. */
  public OpenedDevice(OpenClDevice device, Profile profile) {
    this.device = device;
    this.profile = profile;
    cl_context_properties properties = new cl_context_properties();
    properties.addProperty(CL.CL_CONTEXT_PLATFORM, device.platform());
    int[] code = new int[1];
    context = objects.own(
        CL.clCreateContext(properties, 1, new cl_device_id[]{device.handle()}, null, null, code), code,
        "clCreateContext", CL::clReleaseContext);
  }

  /** What it is. */
  public OpenClDevice device() {
    return device;
  }

  /** How it is used. */
  public Profile profile() {
    return profile;
  }

  /** What buffers are made in. */
  public cl_context context() {
    return context;
  }

  /** Where all its objects are counted. */
  public Ledger ledger() {
    return objects.ledger();
  }

  /** Who keeps it open; all is released with the last of them. */
  public Holders holders() {
    return holders;
  }

  /** A queue, in order, that belongs to the objects given. */
  @SuppressWarnings("deprecation") // its successor is of OpenCL 2, which not every device has
  public cl_command_queue queue(Objects owner) {
    int[] code = new int[1];
    return owner.own(CL.clCreateCommandQueue(context, device.handle(), 0, code), code, "clCreateCommandQueue",
        CL::clReleaseCommandQueue);
  }

  /** The program of a kernel with more options: built, or taken from the user's cache, when it is asked for first. */
  public DeviceProgram program(KernelSource source, String more) {
    String options = profile.options() + KernelSource.numbers() + more;
    synchronized (programs) {
      return programs.computeIfAbsent(source + options, _ -> DeviceProgram.build(this, objects, source, options));
    }
  }
}
