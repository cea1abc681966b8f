package dev.carousel.opencl;

import dev.carousel.opencl.device.OpenedDevice;
import dev.carousel.opencl.device.Profile;
import dev.carousel.opencl.device.Tuning;
import dev.carousel.opencl.driver.OpenClDevice;
import dev.carousel.spi.Backend;
import dev.carousel.spi.CompileOptions;
import dev.carousel.spi.Device;
import dev.carousel.spi.Executable;
import dev.carousel.spi.form.Program;
import dev.carousel.spi.form.Slot;
import java.lang.System.Logger.Level;
import java.lang.foreign.MemorySegment;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;

/** A device of OpenCL, opened. */
record OpenClBackend(Device device, OpenedDevice opened, AtomicBoolean closed) implements Backend {
  static OpenClBackend open(Device device, OpenClDevice found) {
    return open(device, found, Tuning.profile(found));
  }

  static OpenClBackend open(Device device, OpenClDevice found, Profile profile) {
    System.getLogger(OpenClBackend.class.getName()).log(Level.DEBUG, "{0}: {1}, {2}", device.id(), device.description(),
        profile);
    return new OpenClBackend(device, new OpenedDevice(found, profile), new AtomicBoolean());
  }

  @Override
  public Set<Promise> promises() {
    return EnumSet.allOf(Promise.class);
  }

  @Override
  public List<String> unsupported(Program program, CompileOptions options) {
    return Limits.of(opened.device(), program);
  }

  @Override
  public Executable compile(Program program, CompileOptions options, Function<Slot, MemorySegment> parameters) {
    return OpenClExecutable.compile(opened, program, options.threads(), parameters);
  }

  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      opened.holders().release();
    }
  }
}
