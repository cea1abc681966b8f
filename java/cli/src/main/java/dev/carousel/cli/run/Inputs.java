package dev.carousel.cli.run;

import dev.carousel.cli.console.WrongCall;
import dev.carousel.formats.ModelFiles;
import dev.carousel.formats.data.NdArray;
import dev.carousel.formats.model.SavedModel;
import dev.carousel.formats.npy.Npy;
import dev.carousel.formats.npy.Npz;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The arrays that a model is to run on. */
public final class Inputs {
  private Inputs() {}

  /** What is read of a file. */
  private interface Reader<T> {
    T read(Path file) throws IOException;
  }

  /** Those in files, by the names of the model's inputs; a file without a name is for its rows, or has names of its own. */
  public static Map<String, Npy> read(SavedModel model, List<String> texts) throws IOException {
    return inputs(model, texts, Npy::read, Npz::read);
  }

  /** The same, mapped until the arena is closed. */
  static Map<String, Npy> map(SavedModel model, List<String> texts, Arena arena) throws IOException {
    return inputs(model, texts, file -> Npy.map(file, arena), file -> Npz.map(file, arena));
  }

  private static Map<String, Npy> inputs(SavedModel model, List<String> texts, Reader<Npy> array,
      Reader<Map<String, Npy>> archive) throws IOException {
    Map<String, Npy> inputs = new LinkedHashMap<>();
    for (String text : texts) {
      NamedFile file = NamedFile.of("input", text, model.signature().inputs());
      if (file.archive()) {
        for (Map.Entry<String, Npy> one : archive.read(file.path()).entrySet()) {
          add(inputs, one.getKey(), one.getValue());
        }
      } else {
        add(inputs, file.port().orElse(model.signature().rows()).name(), array.read(file.path()));
      }
    }
    return inputs;
  }

  /** The weights that a file wants from its caller, from those texts that name them, which are taken out of the list. */
  public static Map<String, NdArray> weights(Path model, List<String> texts) throws IOException {
    Map<String, NdArray> weights = new LinkedHashMap<>();
    for (String name : ModelFiles.weightInputs(model)) {
      for (String text : List.copyOf(texts)) {
        if (text.startsWith(name + "=")) {
          weights.put(name, Npy.read(Path.of(text.substring(name.length() + 1))).rowMajor());
          texts.remove(text);
        }
      }
    }
    return weights;
  }

  private static void add(Map<String, Npy> inputs, String name, Npy array) {
    WrongCall.check(inputs.putIfAbsent(name, array) == null,
        "The input %s is given twice. Name what each file is for, as in --input NAME=FILE.", name);
  }
}
