package dev.carousel.cli;

import dev.carousel.Devices;
import dev.carousel.spi.Backend;
import dev.carousel.spi.BackendProvider;
import dev.carousel.spi.CompileOptions;
import dev.carousel.spi.Device;
import dev.carousel.spi.Executable;
import dev.carousel.spi.form.Program;
import dev.carousel.spi.form.Slot;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.Function;

/** Devices of a third party: one that is right, and some that are not. */
public final class TestDevices implements BackendProvider {
  /** The reference under another name. */
  public static final Device RIGHT = new Device("test/right", "an honest device", 2, Optional.empty());
  /** Its weights are a little off. */
  public static final Device WRONG = new Device("test/wrong", "a device by <b>& \"others\"", 2, Optional.empty());
  /** It runs nothing, and says so. */
  public static final Device UNABLE = new Device("test/unable", "a device of little use", 2, Optional.empty());
  /** It throws where it should work. */
  public static final Device FALSE = new Device("test/false", "a device that promises too much", 2, Optional.empty());
  /** It is not there. */
  public static final Device ABSENT = new Device("test/absent", "a device", 2, Optional.of("It was never built."));

  /** For ServiceLoader. */
  public TestDevices() {}

  /** Runs where ServiceLoader finds these devices too. */
  public static <T> T with(Path folder, Callable<T> work) throws Exception {
    Thread thread = Thread.currentThread();
    ClassLoader before = thread.getContextClassLoader();
    Path services = Files.createDirectories(folder.resolve("META-INF/services"));
    Files.writeString(services.resolve(BackendProvider.class.getName()), TestDevices.class.getName());
    try (URLClassLoader loader = new URLClassLoader(new URL[]{url(folder)}, TestDevices.class.getClassLoader())) {
      thread.setContextClassLoader(loader);
      return work.call();
    } finally {
      thread.setContextClassLoader(before);
    }
  }

  private static URL url(Path folder) {
    try {
      return folder.toUri().toURL();
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible);
    }
  }

  @Override
  public String name() {
    return "test";
  }

  @Override
  public List<Device> devices() {
    return List.of(RIGHT, WRONG, UNABLE, FALSE, ABSENT);
  }

  @Override
  public Backend open(Device device) {
    return new Disguised(device, Devices.open(Devices.byId("reference")));
  }

  private record Disguised(Device device, Backend reference) implements Backend {
    @Override
    public Set<Promise> promises() {
      return reference.promises();
    }

    @Override
    public List<String> unsupported(Program program, CompileOptions options) {
      return device.equals(UNABLE) ? List.of("It has no kernels.") : List.of();
    }

    @Override
    public Executable compile(Program program, CompileOptions options, Function<Slot, MemorySegment> parameters) {
      if (device.equals(FALSE)) {
        throw new IllegalStateException("The compiler gave up.");
      }
      return reference.compile(program, options, device.equals(WRONG) ? slot -> spoilt(parameters.apply(slot))
          : parameters);
    }

    private static MemorySegment spoilt(MemorySegment values) {
      float[] floats = values.toArray(ValueLayout.JAVA_FLOAT_UNALIGNED);
      for (int i = 0; i < floats.length; i++) {
        floats[i] *= 1.01f;
      }
      return MemorySegment.ofArray(floats);
    }

    @Override
    public void close() {
      reference.close();
    }
  }
}
