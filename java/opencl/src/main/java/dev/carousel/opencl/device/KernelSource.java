package dev.carousel.opencl.device;

import dev.carousel.opencl.driver.OpenClDevice.Kind;
import dev.carousel.spi.form.Activation;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** The kernels that there are, each in a file of its name. */
public enum KernelSource {
  GATE_GEMM, SCAN, SCAN_SHARED, CELL_UPDATE, MAPPING, GATHER, SOFTMAX, SCALE, NORMALISE, WINDOWS, KEEP, POOL, SOFTMAX_STEPS, WEIGHTED_SUM;

  private static final List<Activation.Kind> ACTIVATIONS = List.of(Activation.Kind.values());

  /** The cells and row operations that build options name, each by a number of its own. */
  private static final List<String> NAMES = List.of("RNN", "LSTM", "LSTM_COUPLED", "GRU_RESET", "GRU_BEFORE",
      "GRU_AFTER", "ACTIVATE", "SUM", "AVERAGE", "MULTIPLY", "SUBTRACT", "DIVIDE", "MAXIMUM", "MINIMUM", "COPY",
      "EMBED",
      "ARRANGE", "RESTORE", "MEAN", "MAX");

  /** Those of which each kind of device has its own. */
  private static final Set<KernelSource> BY_KIND = Set.of(GATE_GEMM, SCAN, SCAN_SHARED);

  private static final Set<KernelSource> ACROSS_STEPS = Set.of(WINDOWS, KEEP, POOL, SOFTMAX_STEPS, WEIGHTED_SUM);

  /** The name of the kernel, and of its file. */
  public String kernel() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** All that it is made of. */
  String text(Kind kind) {
    boolean byKind = BY_KIND.contains(this);
    String folder = kind.name().toLowerCase(Locale.ROOT) + "/";
    List<String> files = new ArrayList<>(List.of("vector", "functions", "cells"));
    if (kind == Kind.CPU && byKind) {
      files.add(folder + "tile");
    }
    if (kind == Kind.CPU && (this == SCAN || this == SCAN_SHARED)) {
      files.add(folder + "layer");
    }
    if (ACROSS_STEPS.contains(this)) {
      files.add("steps");
    }
    files.add((byKind ? folder : "") + kernel());
    StringBuilder text = new StringBuilder();
    files.forEach(file -> text.append(resource("/opencl/" + file + ".cl")));
    return text.toString();
  }

  /** The numbers that files mean by names: activations as in Java, cells and row operations. */
  static String numbers() {
    StringBuilder options = new StringBuilder();
    for (Activation.Kind activation : ACTIVATIONS) {
      options.append(" -D").append(activation).append('=').append(number(activation));
    }
    for (String name : NAMES) {
      options.append(" -D").append(name).append('=').append(NAMES.indexOf(name));
    }
    return options.toString();
  }

  /** The number by which kernels know an activation. */
  public static int number(Activation.Kind activation) {
    return ACTIVATIONS.indexOf(activation);
  }

  private static String resource(String name) {
    try (InputStream in = KernelSource.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalStateException(name + " is not in this build. Build it again.");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException failure) {
      throw new UncheckedIOException(name + " could not be read from the jar.", failure);
    }
  }
}
