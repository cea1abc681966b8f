package dev.carousel.cli.bench;

import dev.carousel.cli.bench.Contestant.Lost;
import dev.carousel.spi.Device;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Devices do the same work in turns, A B A B, so that what else the machine does falls on all of them. Each has so many
 * seconds for its turns, and at least a few turns however slow it is. A turn is as many passes as take a while.
 */
final class Contest implements AutoCloseable {
  private static final double TURN = 0.02; // seconds: far above what a clock or the start of threads takes
  private static final int FEWEST = 3; // turns of a device, or their median says nothing
  private static final int WARMING = 2; // turns that do not count

  private final double budget;
  private final List<Runner> runners = new ArrayList<>();

  /** With so many seconds for each device. */
  Contest(double budget) {
    this.budget = budget;
  }

  /** A device on the way. */
  private static final class Runner {
    private final Device device;
    private final Optional<Contestant> contestant;
    private final List<Double> seconds = new ArrayList<>();
    private Optional<String> lost;
    private int times = 1;
    private double used;

    Runner(Device device, Optional<Contestant> contestant, Optional<String> lost) {
      this.device = device;
      this.contestant = contestant;
      this.lost = lost;
    }

    boolean running(double budget) {
      return lost.isEmpty() && (used < budget || seconds.size() < FEWEST);
    }

    double turn() {
      try {
        return contestant.orElseThrow().turn(times) / 1e9;
      } catch (Lost failure) {
        lost = Optional.of(String.valueOf(failure.getMessage()));
        return 0;
      }
    }

    /** Finds how many passes make a turn. */
    void warm(double budget) {
      for (int i = 0; i < WARMING && lost.isEmpty() && used < budget; i++) {
        double taken = turn();
        used += taken;
        times = (int) Math.clamp(times * TURN / Math.max(taken, 1e-6), 1, 100_000);
      }
      used = 0;
    }

    Result result() {
      return new Result(device, contestant.map(Contestant::worst).orElse(Double.NaN), seconds, lost);
    }
  }

  /** Adds a device that does the work. */
  void add(Device device, Contestant contestant) {
    runners.add(new Runner(device, Optional.of(contestant), Optional.empty()));
  }

  /** Adds a device that does not. */
  void addLost(Device device, String reason) {
    runners.add(new Runner(device, Optional.empty(), Optional.of(reason)));
  }

  /** Runs to the end, and tells whose turn it is. */
  List<Result> run(Consumer<Device> turn) {
    for (Runner runner : runners) {
      turn.accept(runner.device);
      runner.warm(budget);
    }
    while (runners.stream().anyMatch(runner -> runner.running(budget))) {
      for (Runner runner : runners) {
        if (runner.running(budget)) {
          turn.accept(runner.device);
          double taken = runner.turn();
          runner.used += taken;
          if (runner.lost.isEmpty()) {
            runner.seconds.add(taken / runner.times);
          }
        }
      }
    }
    return runners.stream().map(Runner::result).toList();
  }

  @Override
  public void close() {
    runners.forEach(runner -> runner.contestant.ifPresent(Contestant::close));
  }
}
