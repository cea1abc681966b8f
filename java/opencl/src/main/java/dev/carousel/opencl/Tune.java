package dev.carousel.opencl;

import dev.carousel.opencl.Tuner.Effort;
import dev.carousel.opencl.device.Profile;
import dev.carousel.opencl.device.Tuning;
import dev.carousel.opencl.driver.OpenClDevice;
import dev.carousel.opencl.driver.Platforms;
import java.io.IOException;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Predicate;

/** The command that finds out how OpenCL devices are used best, and keeps it for every later start. */
public final class Tune {
  private static final String USAGE = """
      usage: Tune [--help | --list | --reset] [DEVICE...]
      Times ways to use OpenCL devices, and keeps the fastest in the user's cache (-Dcarousel.cache) for each device and
      driver. Takes about a minute a device, on which nothing else should run. DEVICE is an id such as opencl/pocl/0;
      without one it is every device that can be used and is not simulated.
        --list    how each device is used, and which of them were tuned
        --reset   goes back to the defaults
        --help    this text
      Exit status: 0 where all was done, 1 where it was not, 2 where the command is wrong.
      """;

  private final PrintStream out;
  private final PrintStream errors;
  private final Effort effort;
  private boolean failed;

  Tune(PrintStream out, PrintStream errors, Effort effort) {
    this.out = out;
    this.errors = errors;
    this.effort = effort;
  }

  /** Does it and ends with the exit status that the usage tells. */
  public static void main(String[] arguments) {
    System.exit(new Tune(System.out, System.err, Effort.USUAL).run(arguments));
  }

  int run(String... arguments) {
    List<String> options = Arrays.stream(arguments).filter(word -> word.startsWith("-")).toList();
    List<String> ids = Arrays.stream(arguments).filter(word -> !word.startsWith("-")).distinct().toList();
    if (options.contains("--help")) {
      out.print(USAGE);
      return 0;
    }
    if (options.size() > 1) {
      return wrong("One of " + options + " at a time.");
    }
    String option = options.isEmpty() ? "" : options.getFirst();
    return switch (option) {
      case "" -> onEach(ids, device -> device.unavailable().isEmpty() && !device.simulated(), this::tune);
      case "--list" -> onEach(ids, _ -> true, this::list);
      case "--reset" -> onEach(ids, _ -> true, this::reset);
      default -> wrong(option + " is no option.");
    };
  }

  private int wrong(String why) {
    errors.println(why);
    errors.print(USAGE);
    return 2;
  }

  /** Something that is done with a device. */
  @FunctionalInterface
  private interface Deed {
    void on(OpenClDevice device) throws IOException;
  }

  private int onEach(List<String> ids, Predicate<OpenClDevice> usual, Deed deed) {
    List<Platforms.Found> found = Platforms.find();
    List<OpenClDevice> devices = found.stream().flatMap(one -> one.devices().stream()).toList();
    List<String> unknown = new ArrayList<>(ids);
    devices.forEach(device -> unknown.remove(device.id()));
    if (!unknown.isEmpty()) {
      return wrong("There is no device " + unknown.getFirst() + ". Those there are: "
          + devices.stream().map(OpenClDevice::id).toList() + ".");
    }
    if (ids.isEmpty()) {
      found.forEach(one -> one.problem().ifPresent(problem -> errors.println(one.id() + ": " + problem)));
    }
    List<OpenClDevice> chosen = devices.stream()
        .filter(device -> ids.isEmpty() ? usual.test(device) : ids.contains(device.id())).toList();
    if (chosen.isEmpty()) {
      errors.println("There is no device to do this with. Look at what --list says.");
      return 1;
    }
    chosen.forEach(device -> attempt(device, deed));
    return failed ? 1 : 0;
  }

  private void attempt(OpenClDevice device, Deed deed) {
    try {
      deed.on(device);
    } catch (IOException | RuntimeException failure) {
      failed = true;
      errors.println(device.id() + " was left as it is: " + Timing.words(failure));
    }
  }

  private void tune(OpenClDevice device) throws IOException {
    if (device.unavailable().isPresent()) {
      throw new IllegalArgumentException(device.unavailable().get());
    }
    out.println(device.id() + ": " + device.description());
    Profile winner = new Tuner(device, effort, out).tune();
    out.println("Stored in " + Tuning.store(device, winner) + ".");
  }

  private void list(OpenClDevice device) {
    out.println(device.id() + ": " + device.description());
    device.unavailable().ifPresent(reason -> out.println("  cannot be used: " + reason));
    out.println("  default: " + Tuner.describe(Profile.of(device)));
    Tuning.stored(device).ifPresent(profile -> out.println("  tuned:   " + Tuner.describe(profile)));
  }

  private void reset(OpenClDevice device) throws IOException {
    out.println(device.id() + (Tuning.forget(device) ? " is used by its defaults again." : " was not tuned."));
  }
}
