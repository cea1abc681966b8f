package dev.carousel.opencl.driver;

import java.io.Serial;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jocl.CL;
import org.jocl.cl_device_id;
import org.jocl.cl_platform_id;

/**
 * The platforms of this machine and their devices. Each is asked on a thread of its own, and given up where it does not
 * answer: one driver that fails, throws or hangs costs its own line.
 */
public final class Platforms {
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final long ALL = 0xFFFFFFFFL; // CL.CL_DEVICE_TYPE_ALL is negative, and drivers refuse that
  private static final Map<String, String> SHORT = Map.of("portable computing language", "pocl", "nvidia cuda",
      "nvidia", "amd accelerated parallel processing", "amd", "intel(r) opencl", "intel", "intel(r) opencl graphics",
      "intel", "intel(r) opencl hd graphics", "intel");

  private Platforms() {}

  /** Something that was looked for: devices, or the reason why there are none. */
  public record Found(String id, String name, List<OpenClDevice> devices, Optional<String> problem) {}

  /** What each platform has; a single entry with a reason where there is no platform. */
  public static List<Found> find() {
    List<cl_platform_id> platforms;
    try {
      platforms = ask(Platforms::platforms);
    } catch (NotFound none) {
      return List.of(new Found("opencl", "OpenCL", List.of(), Optional.of(none.reason)));
    }
    Map<String, Integer> taken = new HashMap<>();
    List<Found> found = new ArrayList<>();
    for (cl_platform_id platform : platforms) {
      found.add(devices(platform, taken));
    }
    return found;
  }

  private static List<cl_platform_id> platforms() throws NotFound {
    int[] count = new int[1];
    int code;
    try {
      code = CL.clGetPlatformIDs(0, null, count);
    } catch (LinkageError missing) {
      throw new NotFound("The loader of OpenCL could not be loaded (" + missing.getMessage()
          + "). Install one, for example Debian's ocl-icd-libopencl1.");
    }
    if (count[0] == 0) {
      throw new NotFound("No platform is installed (clGetPlatformIDs gave " + CL.stringFor_errorCode(code)
          + "). Install a device's driver; for processors there is PoCL, Debian's pocl-opencl-icd.");
    }
    cl_platform_id[] platforms = new cl_platform_id[count[0]];
    OpenClException.check("clGetPlatformIDs", CL.clGetPlatformIDs(platforms.length, platforms, null));
    return List.of(platforms);
  }

  private static Found devices(cl_platform_id platform, Map<String, Integer> taken) {
    String name = "a platform without a name";
    String id = "opencl/unnamed";
    try {
      name = ask(() -> Query.text(platform, CL.CL_PLATFORM_NAME));
      id = "opencl/" + unique(name, taken);
      String prefix = id;
      return new Found(id, name, ask(() -> devices(platform, prefix)), Optional.empty());
    } catch (NotFound failure) {
      return new Found(id, name, List.of(), Optional.of(failure.reason));
    }
  }

  private static List<OpenClDevice> devices(cl_platform_id platform, String prefix) throws NotFound {
    int[] count = new int[1];
    int code = CL.clGetDeviceIDs(platform, ALL, 0, null, count);
    if (code == CL.CL_DEVICE_NOT_FOUND || (code == CL.CL_SUCCESS && count[0] == 0)) {
      throw new NotFound("This platform has no device on this machine.");
    }
    OpenClException.check("clGetDeviceIDs", code);
    cl_device_id[] handles = new cl_device_id[count[0]];
    OpenClException.check("clGetDeviceIDs", CL.clGetDeviceIDs(platform, ALL, handles.length, handles, null));
    List<OpenClDevice> devices = new ArrayList<>();
    for (int i = 0; i < handles.length; i++) {
      devices.add(OpenClDevice.of(platform, handles[i], prefix + "/" + i));
    }
    return devices;
  }

  /** A word for an id: known platforms by what people call them. */
  private static String unique(String name, Map<String, Integer> taken) {
    String lower = name.toLowerCase(Locale.ROOT);
    String word = SHORT.getOrDefault(lower, lower.replaceAll("[^a-z0-9]+", "-").replaceAll("^-|-$", ""));
    int times = taken.merge(word, 1, Integer::sum);
    return times == 1 ? word : word + "-" + times;
  }

  private static <T> T ask(Callable<T> question) throws NotFound {
    FutureTask<T> answer = new FutureTask<>(question);
    Thread.ofPlatform().daemon().name("carousel-opencl-discovery").start(answer);
    try {
      return answer.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException late) {
      throw new NotFound("Its driver did not answer within " + PATIENCE.toSeconds()
          + " s. Look whether it works with other programs, such as clinfo, or remove it.");
    } catch (ExecutionException failure) {
      throw failure.getCause() instanceof NotFound known ? known
          : new NotFound("Its devices could not be listed: " + failure.getCause());
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new NotFound("The look for devices was interrupted.");
    }
  }

  /** Why there is nothing to list. */
  private static final class NotFound extends Exception {
    @Serial
    private static final long serialVersionUID = 1;

    private final String reason;

    NotFound(String reason) {
      super(reason);
      this.reason = reason;
    }
  }
}
