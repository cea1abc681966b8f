package dev.carousel.opencl.driver;

import java.io.Serial;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
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
 * answer: a platform or a device that fails, throws or hangs costs its own line.
 */
public final class Platforms {
  /** The system property that says for how many seconds an answer is waited for, 20 where it is not set. */
  public static final String PROPERTY = "carousel.opencl.patience";

  private static final long PATIENCE = Long.getLong(PROPERTY, 20);
  private static final String LOADER = "The loader of OpenCL";
  private static final String DRIVER = "Its driver";
  private static final String ADVICE = " Look whether clinfo gets an answer; if not, repair the driver or remove it.";
  private static final long ALL = 0xFFFFFFFFL; // CL.CL_DEVICE_TYPE_ALL is negative, and drivers refuse that
  private static final Map<String, String> SHORT = Map.of("portable computing language", "pocl", "nvidia cuda",
      "nvidia", "amd accelerated parallel processing", "amd", "intel(r) opencl", "intel", "intel(r) opencl graphics",
      "intel", "intel(r) opencl hd graphics", "intel");

  private Platforms() {}

  /** Something that was looked for: devices, or the reason why there are none. */
  public record Found(String id, String name, List<OpenClDevice> devices, Optional<String> problem) {
    private Found(String id, String name, NotFound failure) {
      this(id, name, List.of(), Optional.of(failure.reason));
    }
  }

  /** An entry for each device, for each platform that has none, or a single one where there is no platform. */
  public static List<Found> find() {
    List<cl_platform_id> platforms;
    try {
      platforms = ask(LOADER, Platforms::platforms);
    } catch (NotFound none) {
      return List.of(new Found("opencl", "OpenCL", none));
    }
    Set<String> taken = new HashSet<>();
    return platforms.stream().flatMap(platform -> devices(platform, taken).stream()).toList();
  }

  private static List<cl_platform_id> platforms() throws NotFound {
    int[] count = new int[1];
    int code;
    try {
      Environment.prepare();
      code = CL.clGetPlatformIDs(0, null, count);
    } catch (LinkageError missing) {
      throw new NotFound(LOADER + " could not be loaded (" + root(missing).getMessage()
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

  /** A line for each device, or one for the platform. */
  private static List<Found> devices(cl_platform_id platform, Set<String> taken) {
    String name;
    try {
      name = ask(DRIVER, () -> Query.text(platform, CL.CL_PLATFORM_NAME));
    } catch (NotFound failure) {
      return List.of(new Found("opencl/" + unique("", taken), "a platform without a name", failure));
    }
    String id = "opencl/" + unique(name, taken);
    try {
      List<Found> found = new ArrayList<>();
      for (cl_device_id handle : ask(DRIVER, () -> handles(platform))) {
        found.add(device(platform, handle, id + "/" + found.size(), name));
      }
      return found;
    } catch (NotFound failure) {
      return List.of(new Found(id, name, failure));
    }
  }

  private static Found device(cl_platform_id platform, cl_device_id handle, String id, String platformName) {
    try {
      return new Found(id, platformName, List.of(ask(DRIVER, () -> OpenClDevice.of(platform, handle, id))),
          Optional.empty());
    } catch (NotFound failure) {
      return new Found(id, "a device of " + platformName, failure);
    }
  }

  private static List<cl_device_id> handles(cl_platform_id platform) throws NotFound {
    int[] count = new int[1];
    int code = CL.clGetDeviceIDs(platform, ALL, 0, null, count);
    if (code == CL.CL_DEVICE_NOT_FOUND || (code == CL.CL_SUCCESS && count[0] == 0)) {
      throw new NotFound("This platform has no device on this machine.");
    }
    OpenClException.check("clGetDeviceIDs", code);
    cl_device_id[] handles = new cl_device_id[count[0]];
    OpenClException.check("clGetDeviceIDs", CL.clGetDeviceIDs(platform, ALL, handles.length, handles, null));
    return List.of(handles);
  }

  /** A word for an id: known platforms by what people call them. */
  private static String unique(String name, Set<String> taken) {
    String lower = name.toLowerCase(Locale.ROOT);
    String word = SHORT.getOrDefault(lower, lower.replaceAll("[^a-z0-9]+", "-").replaceAll("^-|-$", ""));
    String first = word.isEmpty() ? "unnamed" : word;
    String id = first;
    for (int i = 2; !taken.add(id); i++) {
      id = first + "-" + i;
    }
    return id;
  }

  private static <T> T ask(String whom, Callable<T> question) throws NotFound {
    FutureTask<T> answer = new FutureTask<>(question);
    Thread.ofPlatform().daemon().name("carousel-opencl-discovery").start(answer);
    try {
      return answer.get(PATIENCE, TimeUnit.SECONDS);
    } catch (TimeoutException late) {
      throw new NotFound(whom + " did not answer within " + PATIENCE + " s." + ADVICE);
    } catch (ExecutionException failure) {
      Throwable cause = root(failure);
      throw cause instanceof NotFound known ? known : new NotFound(whom + " failed: " + words(cause) + ADVICE);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new NotFound("The look for devices was interrupted.");
    }
  }

  /** A sentence of this package as it is, and anything else with its class. */
  private static String words(Throwable cause) {
    String message = cause instanceof OpenClException || cause instanceof IllegalStateException ? cause.getMessage()
        : null;
    return message == null ? cause + "." : message;
  }

  /** What was thrown first: the second time that a class is asked for which could not be loaded, only this says why. */
  private static Throwable root(Throwable failure) {
    Throwable root = failure;
    for (Throwable cause = root.getCause(); cause != null; cause = root.getCause()) {
      root = cause;
    }
    return root;
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
