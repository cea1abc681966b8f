package dev.carousel.cli.verify;

import dev.carousel.cli.console.WrongCall;
import dev.carousel.cli.model.FixedInputs;
import dev.carousel.cli.run.Inputs;
import dev.carousel.formats.model.SavedModel;
import dev.carousel.formats.npy.Npy;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
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

  @Option(names = {"-i", "--input"}, paramLabel = "[NAME=]FILE", description = {
      "A .npy or .npz file with an input of the model,"
          + " as run takes it; a .npy file without a name is the input of rows."})
  private List<String> inputs = new ArrayList<>();

  @Mixin
  private FixedInputs fixed;

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
      List<String> named = new ArrayList<>(inputs);
      SavedModel saved = fixed.read(model, Inputs.weights(model, named));
      Map<String, Npy> given = Inputs.read(saved, named);
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
    words.addAll(fixed.words());
    if (seed != null) {
      words.addAll(List.of("--seed", seed.toString()));
    }
    return new Calls(Optional.ofNullable(model).map(Path::toString), words,
        part == null ? List.of() : List.of("--cases", part),
        devices.isEmpty() ? List.of() : List.of("--devices", String.join(",", devices)));
  }
}
