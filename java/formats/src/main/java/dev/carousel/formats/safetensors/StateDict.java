package dev.carousel.formats.safetensors;

import dev.carousel.Dense;
import dev.carousel.Directions;
import dev.carousel.Embedding;
import dev.carousel.Gru;
import dev.carousel.Layer;
import dev.carousel.Lstm;
import dev.carousel.Recurrent;
import dev.carousel.Rnn;
import dev.carousel.formats.data.FormatException;
import dev.carousel.formats.data.Names;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;

/**
 * The modules whose tensors a state dict of PyTorch holds, told by names and shapes alone.
 *
 * @param shapes of the tensors by name
 */
record StateDict(Map<String, List<Long>> shapes, String what) {

  /** Where a module may stand in a network that nobody has described. */
  enum Kind {
    TABLE, RECURRENT, LINEAR
  }

  /** A module with its layers. A weight without a bias is a table or a linear module: there is a module for either. */
  record Module(Kind kind, String from, List<Layer> layers) {
    int inputs() {
      return layers.getFirst().inputs();
    }

    int outputs() {
      return layers.getLast().outputs();
    }

    List<Placed> placed() {
      List<Placed> placed = new ArrayList<>();
      layers.forEach(layer -> placed.add(new Placed(layer, from, placed.size())));
      return placed;
    }
  }

  /** The modules by name; those of one name exclude each other. */
  Map<String, List<Module>> modules() throws FormatException {
    Map<String, Set<String>> tensors = new LinkedHashMap<>();
    for (String name : shapes.keySet()) {
      int dot = name.lastIndexOf('.');
      tensors.computeIfAbsent(name.substring(0, Math.max(0, dot)), _ -> new TreeSet<>()).add(name.substring(dot + 1));
    }
    FormatException.check(!tensors.isEmpty(), "%s holds no tensor.", what);
    Map<String, List<Module>> modules = new LinkedHashMap<>();
    for (Map.Entry<String, Set<String>> entry : tensors.entrySet()) {
      String from = entry.getKey();
      try {
        modules.put(from, entry.getValue().contains("weight_ih_l0")
            ? List.of(recurrent(from, entry.getValue()))
            : linear(from, entry.getValue()));
      } catch (IllegalArgumentException wrong) {
        throw new FormatException("Module " + from + " of " + what + " cannot be: " + wrong.getMessage(), wrong);
      }
    }
    return modules;
  }

  private List<Module> linear(String from, Set<String> tensors) throws FormatException {
    List<Long> weight = shapes.getOrDefault(new Placed(Embedding.of(1, 1), from, 0).named("weight"), List.of());
    boolean bias = tensors.contains("bias");
    FormatException.check(weight.size() == 2 && tensors.size() == (bias ? 2 : 1), "%s holds %s under \"%s\", which are"
        + " not those of a recurrent, linear or embedding module. Save just these modules, or say in JSON beside it from"
        + " which module each layer is.", what, Names.some(tensors),
        from);
    int rows = size(weight.get(0), from);
    int columns = size(weight.get(1), from);
    Module linear = new Module(Kind.LINEAR, from, List.of(bias
        ? Dense.of(columns, rows)
        : Dense.of(columns, rows).withoutBias()));
    return bias ? List.of(linear) : List.of(linear, new Module(Kind.TABLE, from, List.of(Embedding.of(rows, columns))));
  }

  private Module recurrent(String from, Set<String> tensors) throws FormatException {
    List<Layer> layers = new ArrayList<>();
    Set<String> rest = new TreeSet<>(tensors);
    while (tensors.contains("weight_ih_l" + layers.size())) {
      Layer layer = layer(from, layers.size(), tensors);
      layers.add(layer);
      int skipped = from.isEmpty() ? 0 : from.length() + 1;
      new Placed(layer, from, layers.size() - 1).shapes().keySet()
          .forEach(name -> rest.remove(name.substring(skipped)));
    }
    FormatException.check(rest.isEmpty(), "%s holds %s under \"%s\", which do not belong to the recurrent module of %d"
        + " layers there.", what, Names.some(rest), from, layers.size());
    return new Module(Kind.RECURRENT, from, layers);
  }

  private Recurrent layer(String from, int index, Set<String> tensors) throws FormatException {
    String suffix = "_l" + index;
    String prefix = from.isEmpty() ? "" : from + ".";
    List<Long> input = matrix(prefix + "weight_ih" + suffix);
    List<Long> recurrent = matrix(prefix + "weight_hh" + suffix);
    boolean projected = tensors.contains("weight_hr" + suffix);
    long hidden = projected ? matrix(prefix + "weight_hr" + suffix).get(1) : recurrent.get(1);
    long gates = hidden > 0 && input.get(0) % hidden == 0 ? input.get(0) / hidden : 0;
    FormatException.check(gates == 4 || (!projected && (gates == 1 || gates == 3)), "Tensor %sweight_ih%s of %s has %d"
        + " rows, which is neither 4, 3 nor 1 times the %d hidden units.", prefix, suffix, what, input.get(0), hidden);
    boolean bias = tensors.contains("bias_ih" + suffix);
    Directions directions = tensors.contains("weight_ih" + suffix + "_reverse") ? Directions.CONCAT
        : Directions.FORWARD;
    int inputs = size(input.get(1), from);
    int units = size(hidden, from);
    return switch ((int) gates) {
      case 4 -> {
        Lstm lstm = Lstm.of(inputs, units).directions(directions)
            .projection(projected ? size(recurrent.get(1), from) : 0);
        yield bias ? lstm : lstm.withoutBias();
      }
      case 3 -> {
        Gru gru = Gru.of(inputs, units).directions(directions);
        yield bias ? gru : gru.withoutBias();
      }
      default -> {
        Rnn rnn = Rnn.of(inputs, units).directions(directions);
        yield bias ? rnn : rnn.withoutBias();
      }
    };
  }

  private List<Long> matrix(String name) throws FormatException {
    List<Long> shape = shapes.getOrDefault(name, List.of());
    FormatException.check(shape.size() == 2, "%s is to have a matrix %s, and has %s.", what, name,
        shapes.containsKey(name) ? "one of the shape " + shape : "none");
    return Objects.requireNonNull(shape);
  }

  private int size(long size, String from) throws FormatException {
    FormatException.check(size > 0 && size <= Integer.MAX_VALUE, "Module %s of %s has a size of %d, and 1 to %d are"
        + " possible.", from, what, size, Integer.MAX_VALUE);
    return (int) size;
  }
}
