package dev.carousel.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.ToDoubleFunction;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What so many threads of the machine can do at most, all at the same time.
 *
 * @param gigaflops multiply-adds on registers
 * @param gigabytes read from memory a second
 */
record Peak(int threads, double gigaflops, double gigabytes) {
  private static final Pattern LINE = Pattern.compile("(\\d+): ([0-9.]+) GFLOP/s, ([0-9.]+) GB/s");

  /** Asks the program that measures it. Without a program nothing is known. */
  static List<Peak> measure(Optional<Path> program, List<Integer> threads) throws IOException, InterruptedException {
    if (program.isEmpty()) {
      return List.of();
    }
    List<String> command = new ArrayList<>();
    command.add(program.get().toAbsolutePath().toString());
    threads.forEach(number -> command.add(number.toString()));
    Process process = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (process.waitFor() != 0) {
      throw new IOException(program.get() + " was to measure the machine, and ended with status "
          + process.exitValue() + ".");
    }
    return parse(text);
  }

  static List<Peak> parse(String text) {
    return text.lines().map(LINE::matcher).filter(matcher -> matcher.matches()).map(Peak::of).toList();
  }

  private static Peak of(MatchResult match) {
    return new Peak(Integer.parseInt(match.group(1)), Double.parseDouble(match.group(2)),
        Double.parseDouble(match.group(3)));
  }

  /** The best of several measurements with so many threads; NaN where there was none. */
  static double best(List<Peak> peaks, int threads, ToDoubleFunction<Peak> rate) {
    Stream<Peak> same = peaks.stream().filter(peak -> peak.threads == threads);
    OptionalDouble best = same.mapToDouble(rate).max();
    return best.orElse(Double.NaN);
  }
}
