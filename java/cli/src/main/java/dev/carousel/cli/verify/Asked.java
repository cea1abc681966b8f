package dev.carousel.cli.verify;

import dev.carousel.cli.console.WrongCall;
import dev.carousel.formats.ModelFiles;
import dev.carousel.formats.model.SavedModel;
import dev.carousel.formats.npy.Npy;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The part of a call that says what devices are asked. */
final class Asked {
  private static final long SEED = 1;

  @Parameters(arity = "0..1", paramLabel = "MODEL", description = "A model's file; the conformance suite without one.")
  private @Nullable Path model;

  @Option(names = "--cases", paramLabel = "PART", description = {
      "Only the case of this path, or else those with this in"
          + " their paths, for example layer/lstm."})
  private @Nullable String part;

  @Option(names = {"-i", "--input"}, paramLabel = "[NAME=]IN.npy", description = {"An array for an input of the model,"
      + " in its author's layout; without a name for the input of rows."})
  private List<String> inputs = new ArrayList<>();

  @Option(names = "--seed", paramLabel = "N", description = "Draws other random inputs for a model.")
  private @Nullable Long seed;

  /** Refuses what does not go together. */
  void check() {
    WrongCall.check(model != null || inputs.isEmpty(), "An input was given, and no model that could take it.");
    WrongCall.check(model != null || seed == null, "A seed was given, and no model: the suite draws its data from the"
        + " names of its cases.");
    WrongCall.check(model == null || Files.exists(model), "There is no file %s.", model == null ? "" : model);
  }

  /** What is asked. */
  Exam exam() {
    if (model == null) {
      return new SuiteExam();
    }
    try {
      SavedModel saved = ModelFiles.read(model);
      Map<String, Npy> given = new LinkedHashMap<>();
      for (String input : inputs) {
        int equals = input.indexOf('=');
        String name = equals < 0 ? saved.signature().rows().name() : input.substring(0, equals);
        Npy array = Npy.read(Path.of(input.substring(equals + 1)));
        WrongCall.check(given.put(name, array) == null, "Input %s was given twice.", name);
      }
      return new ModelExam(Optional.ofNullable(model.getFileName()).orElse(model).toString(), saved,
          seed == null ? SEED : seed, given);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  /** The questions of an exam that were asked for. */
  List<Question> questions(Exam exam) {
    List<Question> questions = part == null ? exam.questions() : Exam.select(exam.questions(), part);
    WrongCall.check(!questions.isEmpty(), "No case has %s in its path. The %d cases of the %s have paths like %s.",
        part == null ? "" : part, exam.questions().size(), exam.title(), exam.questions().getFirst().path());
    return questions;
  }

  /** How to ask the same of these devices, all where none are given. */
  Calls calls(List<String> devices) {
    List<String> words = new ArrayList<>();
    inputs.forEach(input -> words.addAll(List.of("--input", input)));
    if (seed != null) {
      words.addAll(List.of("--seed", seed.toString()));
    }
    return new Calls(Optional.ofNullable(model).map(Path::toString), words,
        part == null ? List.of() : List.of("--cases", part),
        devices.isEmpty() ? List.of() : List.of("--devices", String.join(",", devices)));
  }
}
