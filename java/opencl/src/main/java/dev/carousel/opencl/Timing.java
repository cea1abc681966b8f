package dev.carousel.opencl;

import dev.carousel.opencl.Workload.Running;
import dev.carousel.opencl.device.Profile;
import dev.carousel.opencl.driver.OpenClDevice;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.BiConsumer;

/**
 * What layers take on a device that is used in several ways. The ways take turns, so that what else the machine does falls
 * on all of them, and the median of a layer's runs counts.
 *
 * @param ways those that ran on all layers, in the order given
 */
record Timing(List<Workload> layers, List<Way> ways) {
  private static final int WARMING = 2; // more runs: the first compiles kernels and touches memory
  private static final float TOLERANCE = 1e-3f; // far above what rounding does to these layers, whose results are in 1

  /** A way to use the device. */
  record Way(Profile profile, List<Double> milliseconds) {
    /** The geometric mean over all layers. */
    double mean() {
      return Math.exp(milliseconds.stream().mapToDouble(Math::log).average().orElse(0));
    }
  }

  /** How many times as long one way takes as another, on the layers that may show it with so many threads. */
  double ratio(Way one, Way other, int threads) {
    double sum = 0;
    int count = 0;
    for (int i = 0; i < layers.size(); i++) {
      if (layers.get(i).tells(one.profile, other.profile, threads)) {
        sum += Math.log(one.milliseconds.get(i) / other.milliseconds.get(i));
        count++;
      }
    }
    return Math.exp(sum / Math.max(1, count));
  }

  /**
   * Times all profiles on all layers. The first profile has to run; another that does not, or that computes something
   * else, is out.
   *
   * @param out takes those that are out, with the reason
   */
  static Timing of(OpenClDevice device, int rounds, List<Profile> profiles, List<Workload> layers,
      BiConsumer<Profile, String> out) {
    List<Way> ways = new ArrayList<>(profiles.stream().map(profile -> new Way(profile, new ArrayList<>())).toList());
    for (Workload layer : layers) {
      List<Running> running = new ArrayList<>(); // one for each way
      try {
        open(layer, device, ways, running, out);
        time(rounds, ways, running);
      } finally {
        running.forEach(Running::close);
      }
    }
    return new Timing(layers, ways);
  }

  /** Opens a layer in every way; those in which it does not run are taken out. */
  private static void open(Workload layer, OpenClDevice device, List<Way> ways, List<Running> running,
      BiConsumer<Profile, String> out) {
    for (Way way : List.copyOf(ways)) {
      try {
        running.add(layer.open(device, way.profile));
        warm(running.getLast(), running.getFirst());
      } catch (RuntimeException failure) {
        int place = ways.indexOf(way);
        if (place == 0) {
          throw failure;
        }
        ways.remove(place);
        if (running.size() > place) {
          running.removeLast().close();
        }
        out.accept(way.profile, words(failure));
      }
    }
  }

  private static void warm(Running running, Running first) {
    float[] result = running.result();
    float[] expected = first.result();
    for (int i = 0; i < result.length; i++) {
      if (!(Math.abs(result[i] - expected[i]) <= TOLERANCE)) { // NaN is not near anything
        throw new IllegalStateException("It computes " + result[i] + " in place of " + expected[i] + ".");
      }
    }
    for (int i = 0; i < WARMING; i++) {
      running.run();
    }
  }

  private static void time(int rounds, List<Way> ways, List<Running> running) {
    long[][] samples = new long[running.size()][rounds];
    for (int round = 0; round < rounds; round++) {
      for (int i = 0; i < running.size(); i++) {
        samples[i][round] = running.get(i).run();
      }
    }
    for (int i = 0; i < running.size(); i++) {
      Arrays.sort(samples[i]);
      ways.get(i).milliseconds.add(samples[i][rounds / 2] / 1e6);
    }
  }

  /** What a failure says, in one line. */
  static String words(Exception failure) {
    return String.valueOf(failure.getMessage() == null ? failure : failure.getMessage()).lines().findFirst().orElse("");
  }
}
