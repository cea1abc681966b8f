package dev.carousel.opencl;

import dev.carousel.opencl.device.Choice;
import dev.carousel.opencl.device.Profile;
import dev.carousel.opencl.device.Tuning;
import dev.carousel.opencl.driver.OpenClDevice;
import dev.carousel.spi.CompileOptions;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The search for what suits a device: one field of its profile after the other, from the default on, each value on layers
 * that show it.
 */
final class Tuner {
  private static final double MARGIN = 1.03; // by which another has to be faster; less is noise

  /**
   * How much work is done.
   *
   * @param rounds how often each layer is run and timed
   * @param divisor by which layers are narrower than usual
   */
  record Effort(int rounds, int divisor) {
    static final Effort USUAL = new Effort(15, 1);
  }

  private final OpenClDevice device;
  private final Effort effort;
  private final PrintStream out;
  private final int threads;

  Tuner(OpenClDevice device, Effort effort, PrintStream out) {
    this.device = device;
    this.effort = effort;
    this.out = out;
    threads = Math.min(CompileOptions.defaults().threads(), device.units());
  }

  /** The profile that was the fastest: the default where no other is clearly faster. */
  Profile tune() {
    Profile usual = Profile.of(device);
    Profile best = usual;
    for (Choice choice : Choice.values()) {
      best = choose(choice, best);
    }
    return judge(usual, best);
  }

  private Profile choose(Choice choice, Profile now) {
    List<Profile> profiles = new ArrayList<>(List.of(now));
    List<Workload> all = layers(Stream.of(choice));
    choice.values(device.kind()).stream().map(value -> choice.with(now, value))
        .filter(other -> all.stream().anyMatch(layer -> layer.tells(now, other, threads)))
        .filter(other -> Tuning.problem(device, other).isEmpty()).forEach(profiles::add);
    if (profiles.size() == 1) {
      return now;
    }
    List<Workload> layers = all.stream().filter(layer -> profiles.stream().anyMatch(
        other -> layer.tells(now, other, threads))).toList();
    out.printf(Locale.ROOT, "%s of %s: ms for layers of %s rows x units x steps%n", choice.field(), device.id(),
        layers);
    Timing timing = Timing.of(device, effort.rounds(), profiles, layers,
        (profile, reason) -> out.printf(Locale.ROOT, "  %-10d is out: %s%n", choice.of(profile), reason));
    Timing.Way first = timing.ways().getFirst();
    Timing.Way best = first;
    for (Timing.Way way : timing.ways()) {
      String against = way.equals(first) ? ""
          : String.format(Locale.ROOT, "  %.2f times as long where it differs", timing.ratio(way, first, threads));
      out.printf(Locale.ROOT, "  %-10d%s%s%n", choice.of(way.profile()), columns(way.milliseconds()), against);
      best = timing.ratio(way, best, threads) * MARGIN < 1 ? way : best;
    }
    return best.profile();
  }

  /** Both once more, on all layers: what was best field by field is the winner only if it is faster as a whole. */
  private Profile judge(Profile usual, Profile best) {
    Timing timing = Timing.of(device, effort.rounds(), Stream.of(usual, best).distinct().toList(),
        layers(Arrays.stream(Choice.values())), (_, reason) -> out.println("What was best is out: " + reason));
    Timing.Way first = timing.ways().getFirst();
    Timing.Way last = timing.ways().getLast();
    Timing.Way winner = last.mean() < first.mean() ? last : first;
    out.printf(Locale.ROOT, "default %.3f ms: %s%n", first.mean(), describe(first.profile()));
    out.printf(Locale.ROOT, "winner  %.3f ms: %s%n", winner.mean(), describe(winner.profile()));
    return winner.profile();
  }

  private List<Workload> layers(Stream<Choice> choices) {
    return choices.filter(choice -> !choice.values(device.kind()).isEmpty())
        .flatMap(choice -> Workload.of(choice, device.kind(), threads).stream())
        .map(layer -> layer.narrowed(effort.divisor())).distinct().toList();
  }

  private static String columns(List<Double> milliseconds) {
    return milliseconds.stream().map(time -> String.format(Locale.ROOT, "%9.3f", time)).collect(Collectors.joining());
  }

  /** What can be chosen for a kind of device, as it was. */
  static String describe(Profile profile) {
    return Arrays.stream(Choice.values()).filter(choice -> !choice.values(profile.kind()).isEmpty())
        .map(choice -> choice.field() + " " + choice.of(profile)).collect(Collectors.joining(", "));
  }
}
