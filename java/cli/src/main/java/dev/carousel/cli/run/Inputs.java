package dev.carousel.cli.run;

import dev.carousel.cli.console.WrongCall;
import dev.carousel.formats.model.SavedModel;
import dev.carousel.formats.npy.Npy;
import dev.carousel.formats.npy.Npz;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The arrays that a model is to run on, mapped from their files. */
final class Inputs {
  private Inputs() {}

  /** By the names of the model's inputs; a file without a name is for its rows, or has names of its own. */
  static Map<String, Npy> read(SavedModel model, List<String> texts) throws IOException {
    Map<String, Npy> inputs = new LinkedHashMap<>();
    for (String text : texts) {
      NamedFile file = NamedFile.of("input", text, model.signature().inputs());
      if (file.archive()) {
        for (Map.Entry<String, Npy> array : Npz.read(file.path()).entrySet()) {
          add(inputs, array.getKey(), array.getValue());
        }
      } else {
        add(inputs, file.port().orElse(model.signature().rows()).name(), Npy.read(file.path()));
      }
    }
    return inputs;
  }

  private static void add(Map<String, Npy> inputs, String name, Npy array) {
    WrongCall.check(inputs.putIfAbsent(name, array) == null,
        "The input %s is given twice. Name what each file is for, as in --input NAME=FILE.", name);
  }
}
