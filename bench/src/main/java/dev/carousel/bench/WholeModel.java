package dev.carousel.bench;

import dev.carousel.Embedding;
import dev.carousel.Initialisation;
import dev.carousel.Network;
import dev.carousel.Weights;
import dev.carousel.formats.ModelFiles;
import dev.carousel.formats.data.Element;
import dev.carousel.formats.data.NdArray;
import dev.carousel.formats.json.Json;
import dev.carousel.formats.model.NetworkJson;
import dev.carousel.formats.model.SavedModel;
import dev.carousel.formats.model.Signature;
import dev.carousel.spi.Order;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * A model of {@code models.txt}, as Carousel and as onnxruntime read it.
 *
 * @param onnx the file for onnxruntime: the model's own, or what Carousel writes of it
 * @param steps of a call
 * @param fixed the scalars that inputs of that file are always given
 */
record WholeModel(String name, SavedModel saved, Path onnx, int steps, Map<String, Long> fixed) {
  private static final int SEED = 7;

  /** The models of a file; those that are not there are left out, with a line about it. */
  static List<WholeModel> read(Path file, Path folder) throws IOException {
    List<WholeModel> models = new ArrayList<>();
    for (String line : Files.readAllLines(file)) {
      String[] words = line.replaceFirst("#.*", "").strip().split("\\s+");
      if (words.length < 3) {
        continue;
      }
      Path source = file.resolveSibling(words[1]);
      if (Files.exists(source)) {
        models.add(of(words, source, folder));
      } else {
        System.err.println(source + " is not there, and " + words[0] + " is left out. ci/models.sh fetches models.");
      }
    }
    return models;
  }

  private static WholeModel of(String[] words, Path source, Path folder) throws IOException {
    Map<String, Long> fixed = new LinkedHashMap<>();
    Map<String, NdArray> arrays = new LinkedHashMap<>();
    for (int i = 3; i < words.length; i++) {
      String[] parts = words[i].split("=", 2);
      long number = Long.parseLong(parts[1]);
      fixed.put(parts[0], number);
      arrays.put(parts[0], new NdArray(Element.I64, List.of(), MemorySegment.ofArray(new long[]{number})));
    }
    int steps = Integer.parseInt(words[2]);
    if (source.toString().endsWith(".onnx")) {
      return new WholeModel(words[0], ModelFiles.read(source, arrays), source, steps, fixed);
    }
    Network network = NetworkJson.read(Json.parse(Files.readString(source)));
    SavedModel saved = new SavedModel(network, Weights.seeded(network, Initialisation.PYTORCH, SEED),
        Signature.of(network, Order.TIME_MAJOR), source.toString());
    Path onnx = folder.resolve(words[0] + ".onnx");
    ModelFiles.write(onnx, saved);
    return new WholeModel(words[0], saved, onnx, steps, fixed);
  }

  /** Numbers for an input of the network: floats within 1, or indices that every table has. */
  MemorySegment data(Network.Input input, int batch) {
    SplittableRandom random = new SplittableRandom(input.name().hashCode());
    int count = (input.perStep() ? steps : 1) * batch * input.width();
    if (!input.indices()) {
      float[] floats = new float[count];
      for (int i = 0; i < count; i++) {
        floats[i] = (float) (2 * random.nextDouble() - 1);
      }
      return MemorySegment.ofArray(floats);
    }
    int table = saved.network().layers().stream().filter(Embedding.class::isInstance).map(Embedding.class::cast)
        .mapToInt(Embedding::vocabulary).min().orElse(1);
    return MemorySegment.ofArray(random.ints(count, 0, table).toArray());
  }

  /** The first output of the network. */
  Network.Output output() {
    return saved.network().outputs().getFirst();
  }

  /** How many numbers the first output has. */
  int outputCount(int batch) {
    Network.Rows rows = saved.network().rows(output().name());
    return (rows.perStep() ? rows.axis().steps(steps) : 1) * batch * rows.width();
  }
}
