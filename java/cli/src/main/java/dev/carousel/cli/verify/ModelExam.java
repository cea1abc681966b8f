package dev.carousel.cli.verify;

import dev.carousel.Devices;
import dev.carousel.Model;
import dev.carousel.cli.model.RunSteps;
import dev.carousel.conformance.Outcome;
import dev.carousel.conformance.Tolerance;
import dev.carousel.formats.model.SavedModel;
import dev.carousel.formats.npy.Npy;
import dev.carousel.spi.Backend;
import dev.carousel.spi.CompileOptions;
import dev.carousel.spi.Device;
import dev.carousel.spi.form.Program;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** A model as an exam: it is run on random inputs of several shapes, and on those that are given. */
final class ModelExam implements Exam {
  private static final String FAMILY = "model";

  private final String name;
  private final SavedModel saved;
  private final Program program;
  private final Tolerance tolerance;
  private final Map<Question, ModelTrial> trials = new LinkedHashMap<>();
  private final Map<Question, Values> expected = new HashMap<>();
  private final Model reference;

  /** With the arrays that are given for its inputs by name; none for random inputs alone. */
  ModelExam(String name, SavedModel saved, long seed, Map<String, Npy> given) {
    this.name = name;
    this.saved = saved;
    program = saved.network().lower().program();
    tolerance = Tolerance.of(program);
    RunSteps range = RunSteps.of(saved.network());
    for (int[] shape : new int[][]{{1, 1}, {6, 1}, {4, 3}, {12, 17}}) {
      random("full batch", new RandomTrial(saved, seed, range.clamp(shape[0]), shape[1], false));
    }
    random("ragged batch", new RandomTrial(saved, seed, range.clamp(9), 6, true));
    random("ragged batch", new RandomTrial(saved, seed, range.clamp(5), 11, true));
    if (saved.network().streams()) {
      random("streamed", new StreamedTrial(new RandomTrial(saved, seed, 9, 4, false), 4));
    }
    if (!given.isEmpty()) {
      trials.put(new Question(FAMILY, "given input", "given"), new GivenTrial(saved, given));
    }
    reference = Model.compile(saved.network(), saved.weights(), Devices.byId("reference"));
  }

  private void random(String subject, ModelTrial trial) {
    trials.put(new Question(FAMILY, subject, trial.toString()), trial);
  }

  @Override
  public String title() {
    return name;
  }

  @Override
  public List<Question> questions() {
    return new ArrayList<>(trials.keySet());
  }

  @Override
  public Candidate open(Device device) {
    List<String> unsupported;
    try (Backend backend = Devices.open(device)) {
      unsupported = backend.unsupported(program, CompileOptions.defaults());
    }
    return unsupported.isEmpty() ? new Compiled(Model.compile(saved.network(), saved.weights(), device))
        : new Unable(unsupported);
  }

  /** The reference's answer, which is worked out once. */
  private Values expected(Question question) {
    return expected.computeIfAbsent(question, asked -> trial(asked).expected(reference));
  }

  private ModelTrial trial(Question question) {
    return Objects.requireNonNull(trials.get(question));
  }

  @Override
  public void close() {
    reference.close();
  }

  private final class Compiled implements Candidate {
    private final Model model;

    Compiled(Model model) {
      this.model = model;
    }

    @Override
    public Outcome answer(Question question) {
      return Outcome.of(expected(question).compare(tolerance, trial(question).run(model)));
    }

    @Override
    public void close() {
      model.close();
    }
  }

  /** A device whose back end says that it cannot run the model. */
  private record Unable(List<String> reasons) implements Candidate {
    @Override
    public Outcome answer(Question question) {
      return Outcome.unsupported(reasons);
    }

    @Override
    public void close() {
      // Nothing was opened.
    }
  }
}
