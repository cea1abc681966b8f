package dev.carousel.bench.chart;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Numbers along an axis: in steps that are alike, or in powers of ten. */
record Scale(double least, double most, boolean powers, double from, double to) {
  private static final int STEPS = 5; // or so

  /** From 0 to a number, on the pixels between two places. */
  static Scale linear(double most, double from, double to) {
    return new Scale(0, most, false, from, to);
  }

  /** From a little below the least to a little above the most, both above 0. */
  static Scale powers(double least, double most, double from, double to) {
    return new Scale(least / 1.15, most * 1.15, true, from, to);
  }

  /** The pixel of a number. */
  double place(double number) {
    double part = powers ? Math.log(number / least) / Math.log(most / least) : (number - least) / (most - least);
    return from + part * (to - from);
  }

  /** Numbers that are worth a line. */
  List<Double> ticks() {
    return powers ? powersOfTen() : alike();
  }

  private List<Double> alike() {
    double rough = (most - least) / STEPS;
    double power = Math.pow(10, Math.floor(Math.log10(rough)));
    double step = rough <= 1.5 * power ? power
        : rough <= 3.5 * power ? 2 * power : rough <= 7 * power ? 5 * power : 10 * power;
    List<Double> ticks = new ArrayList<>();
    for (int i = 0; i * step <= most * (1 + 1e-9); i++) {
      ticks.add(i * step);
    }
    return ticks;
  }

  /** 1, 2 and 5 times the powers of ten, or where these are many the powers alone. */
  private List<Double> powersOfTen() {
    boolean few = most / least < 300;
    List<Double> ticks = new ArrayList<>();
    for (int power = (int) Math.floor(Math.log10(least)); power <= Math.log10(most); power++) {
      for (int digit : few ? new int[]{1, 2, 5} : new int[]{1}) {
        double tick = digit * Math.pow(10, power);
        if (tick >= least && tick <= most) {
          ticks.add(tick);
        }
      }
    }
    return ticks;
  }

  /** A number as it is written beside its line. */
  static String label(double number) {
    return number >= 1 || number == 0
        ? String.format(Locale.ROOT, "%.0f", number)
        : String.format(Locale.ROOT, "%." + (int) Math.ceil(-Math.log10(number) - 1e-9) + "f", number);
  }
}
