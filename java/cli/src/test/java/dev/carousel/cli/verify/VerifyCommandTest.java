package dev.carousel.cli.verify;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carousel.Gru;
import dev.carousel.Initialisation;
import dev.carousel.Network;
import dev.carousel.Weights;
import dev.carousel.cli.TestDevices;
import dev.carousel.cli.console.Failure;
import dev.carousel.cli.devices.Machinery;
import dev.carousel.cli.devices.Place;
import dev.carousel.conformance.Outcome;
import dev.carousel.formats.ModelFiles;
import dev.carousel.formats.data.NdArray;
import dev.carousel.formats.json.Json;
import dev.carousel.formats.model.SavedModel;
import dev.carousel.formats.model.Signature;
import dev.carousel.formats.npy.Npy;
import dev.carousel.formats.npy.Npz;
import dev.carousel.spi.Device;
import dev.carousel.spi.Order;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

final class VerifyCommandTest {
  private static final String CASES = "layer/lstm_forward"; // of all sizes
  private static final String ONE = "layer/lstm_forward_i16_h1_t6_b9_ragged";
  private static final Device CARD = new Device("opencl/card-2/0", "a card", 1, Optional.empty());
  private static final Device OTHER = new Device("opencl/other/0", "another card", 1, Optional.empty());

  private final StringWriter out = new StringWriter();
  private final StringWriter errors = new StringWriter();

  @TempDir
  private Path folder;

  /** The status of a call where there are these devices, each in this process. */
  private int run(List<Device> devices, String... arguments) throws Exception {
    return run(new Machinery(() -> devices.stream().map(Place::here).toList(), (_, _, _) -> {
      throw new AssertionError("No process was needed.");
    }), arguments);
  }

  private int run(Machinery machinery, String... arguments) throws Exception {
    Failure failure = new Failure(true);
    CommandLine command = new CommandLine(new VerifyCommand(machinery)).setOut(new PrintWriter(out, true))
        .setErr(new PrintWriter(errors, true)).setParameterExceptionHandler((wrong, _) -> failure.report(wrong))
        .setExecutionExceptionHandler((thrown, at, _) -> failure.report(at.getErr(), thrown));
    return TestDevices.with(folder, () -> command.execute(arguments));
  }

  @Test
  void rightDevicesAreNoFailure() throws Exception {
    assertThat(run(List.of(TestDevices.RIGHT), "--cases", CASES)).isZero();
    assertThat(out.toString()).contains("test/right  right", "exact", "test/right gives the reference’s answers.");
  }

  @Test
  void aWrongDeviceIsAFailureThatNamesItsCases() throws Exception {
    assertThat(run(List.of(TestDevices.RIGHT, TestDevices.WRONG), "--cases", CASES)).isEqualTo(1);
    assertThat(out.toString()).contains("9 wrong", "test/wrong  layer/lstm_forward_", "times what is allowed",
        "test/wrong gives wrong answers; the other one is right.");
    assertThat(out.toString()).doesNotContain("test/right  layer/");
  }

  @Test
  void whatADeviceDoesNotSupportIsNoFailureAndWhatItThrowsIs() throws Exception {
    assertThat(run(List.of(TestDevices.UNABLE), "--cases", CASES)).isZero();
    assertThat(out.toString()).contains("unsup.");
    assertThat(run(List.of(TestDevices.FALSE), "--cases", CASES)).isEqualTo(1);
    assertThat(out.toString()).contains("The compiler gave up.");
  }

  @Test
  void aDeviceThatIsNotAvailableIsListedAndOnlyToNameItIsWrong() throws Exception {
    List<Device> devices = List.of(TestDevices.RIGHT, TestDevices.ABSENT);
    assertThat(run(devices, "--cases", ONE)).isZero();
    assertThat(out.toString()).contains("test/absent is not available: It was never built.");
    assertThat(run(devices, "--devices", "test/right,test/absent", "--cases", ONE)).isEqualTo(2);
    assertThat(errors.toString()).contains("Device test/absent cannot be used: It was never built.");
  }

  @Test
  void aDeviceThatIsNotThereIsAWrongCall() throws Exception {
    assertThat(run(List.of(TestDevices.RIGHT), "--devices", "test/rigth")).isEqualTo(2);
    assertThat(errors.toString()).contains("There is no device test/rigth. There are test/right");
  }

  @Test
  void ofAPathThatIsACaseOnlyThatIsAsked() throws Exception {
    assertThat(run(List.of(TestDevices.RIGHT), "--cases", "operation/lstm_h8", "--json", "-")).isZero();
    assertThat(Json.parse(out.toString()).get("cases").items()).hasSize(1);
  }

  @Test
  void arraysAreGivenToAModelAsToRun() throws Exception {
    Network network = Network.of(Gru.of(3, 4));
    SavedModel saved = new SavedModel(network, Weights.seeded(network, Initialisation.PYTORCH, 3),
        Signature.of(network, Order.TIME_MAJOR), "a test");
    String model = folder.resolve("model.safetensors").toString();
    ModelFiles.write(Path.of(model), saved);
    NdArray rows = NdArray.of(List.of(2L, 2L, 3L), new float[12]);
    Path plain = folder.resolve("x=1.npy");
    Npy.write(plain, rows);
    Path archive = folder.resolve("x.npz");
    Npz.write(archive, Map.of("input", rows));
    for (String input : List.of(plain.toString(), "input=" + plain, archive.toString())) {
      assertThat(run(List.of(TestDevices.RIGHT), model, "--input", input, "--cases", "given", "--json", "-"))
          .as(errors.toString()).isZero();
    }
    assertThat(run(List.of(TestDevices.RIGHT), model, "--input", "input=" + archive)).isEqualTo(2);
    assertThat(run(List.of(TestDevices.RIGHT), model, "--input", "inptu=x.npy")).isEqualTo(2);
    assertThat(run(List.of(TestDevices.RIGHT), model, "--input", model)).isEqualTo(2);
    assertThat(run(List.of(TestDevices.RIGHT), model, "-i", plain.toString(), "-i", archive.toString())).isEqualTo(2);
    assertThat(errors.toString()).contains("give it without input=", "The model has no input inptu",
        "is neither a .npy nor a .npz file", "The input input is given twice");
  }

  @Test
  void callsThatMakeNoSenseAreRefused() throws Exception {
    assertThat(run(List.of(TestDevices.RIGHT), "--cases", "nothing/like_this")).isEqualTo(2);
    assertThat(run(List.of(TestDevices.RIGHT), "--json", "-", "--report", "-")).isEqualTo(2);
    assertThat(run(List.of(TestDevices.RIGHT), "--input", "x.npy")).isEqualTo(2);
    assertThat(run(List.of(TestDevices.RIGHT), "--seed", "3")).isEqualTo(2);
    assertThat(run(List.of(TestDevices.RIGHT), "no/such/model.onnx")).isEqualTo(2);
    assertThat(errors.toString()).contains("nothing/like_this", "to standard output", "no model that could take it",
        "draws its data from the names", "There is no file no/such/model.onnx.");
  }

  @Test
  void theJsonOnStandardOutputIsAloneThere() throws Exception {
    assertThat(run(List.of(TestDevices.WRONG, TestDevices.ABSENT), "--cases", CASES, "--json", "-")).isEqualTo(1);
    Json json = Json.parse(out.toString());
    assertThat(json.get("right").truth()).isFalse();
    assertThat(json.get("machine").get("processors").whole()).isPositive();
    Json wrong = json.get("devices").items().getFirst();
    assertThat(wrong.get("id").text()).isEqualTo("test/wrong");
    assertThat(wrong.get("standing").text()).isEqualTo("wrong");
    assertThat(wrong.get("failed").whole()).isEqualTo(9);
    assertThat(wrong.get("worst").number()).isGreaterThan(1);
    assertThat(wrong.get("families").items().getFirst().get("family").text()).isEqualTo("layer");
    Json failure = wrong.get("failures").items().getFirst();
    assertThat(failure.get("command").text())
        .isEqualTo("carousel verify --devices test/wrong --cases " + failure.get("case").text());
    Json absent = json.get("devices").items().getLast();
    assertThat(absent.get("unavailable").text()).isEqualTo("It was never built.");
    assertThat(absent.find("worst")).isEmpty();
    assertThat(json.get("cases").items().getFirst().get("outcomes").get("test/wrong").get("outcome").text())
        .isEqualTo("fail");
    assertThat(errors.toString()).contains("test/wrong gives wrong answers.");
  }

  @Test
  void reportsGoToFiles() throws Exception {
    Path report = folder.resolve("report.html");
    Path json = folder.resolve("result.json");
    assertThat(run(List.of(TestDevices.WRONG), "--cases", ONE, "--report", report.toString(), "--json",
        json.toString())).isEqualTo(1);
    assertThat(report).content().contains("✕", "test/<wbr/>wrong", "a device by &lt;b&gt;&amp; &quot;others&quot;");
    assertThat(Json.parse(Files.readString(json)).get("title").text()).isEqualTo("conformance suite");
  }

  @Test
  @DisabledOnOs(OS.WINDOWS) // children are shell scripts, and end by signals
  void aDriverThatCrashesCostsItsOwnDevice() throws Exception {
    Question asked = new SuiteExam().questions().stream().filter(question -> question.path().equals(ONE)).findFirst()
        .orElseThrow();
    Place card = new Place(CARD, true, "opencl/card/0", Optional.empty());
    Place other = new Place(OTHER, true, OTHER.id(), Optional.empty());
    Answer answer = new Answer(asked, new Outcome(Outcome.Kind.PASS, "", OptionalDouble.of(0.5)), 0.1);
    String crash = ChildTest.printing(new Event.Asked(asked)) + "kill -SEGV $$";
    String well = ChildTest.printing(new Event.Asked(asked), new Event.Answered(answer),
        new Event.Ended(1, Optional.empty()));
    Machinery machinery = new Machinery(() -> List.of(card, other, Place.here(TestDevices.RIGHT)),
        (place, arguments, _) -> {
          assertThat(arguments).containsExactly("verify", "--cases", ONE, "--child", place.there());
          return new ProcessBuilder("/bin/sh", "-c", place.equals(card) ? crash : well);
        });
    assertThat(run(machinery, "--cases", ONE)).isEqualTo(1);
    assertThat(out.toString()).contains("opencl/card-2/0  broken", "opencl/other/0   right", "test/right       right",
        "opencl/card-2/0 broke down: Its process crashed in " + ONE + ": ended by signal 11 (SIGSEGV).",
        "opencl/card-2/0 broke down; the other 2 are right.");
  }

  @Test
  void aChildTellsItsEventsAndNothingElse() throws Exception {
    assertThat(run(List.of(), "--cases", ONE, "--child", "test/wrong")).isZero();
    List<String> lines = out.toString().lines().toList();
    assertThat(lines).hasSize(3).allMatch(line -> line.startsWith("\u001e"));
    assertThat(EventJson.event(Json.parse(lines.get(1).substring(1))))
        .isInstanceOfSatisfying(Event.Answered.class, answered -> assertThat(answered.answer().failed()).isTrue());
  }
}
