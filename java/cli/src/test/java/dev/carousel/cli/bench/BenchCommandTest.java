package dev.carousel.cli.bench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carousel.cli.TestDevices;
import dev.carousel.cli.bench.Contestant.Lost;
import dev.carousel.cli.console.Failure;
import dev.carousel.cli.devices.Machinery;
import dev.carousel.cli.devices.Place;
import dev.carousel.cli.machine.Machine;
import dev.carousel.formats.json.Json;
import dev.carousel.spi.Device;
import java.io.BufferedReader;
import java.io.PrintWriter;
import java.io.StringReader;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.xml.sax.InputSource;
import picocli.CommandLine;

final class BenchCommandTest {
  private static final String SMALL = "lstm:T=3,B=2,I=4,H=5";
  private static final Device CARD = new Device("opencl/<b>&/0", "a card", 1, Optional.empty());

  private final StringWriter out = new StringWriter();
  private final StringWriter errors = new StringWriter();

  @TempDir
  private Path folder;

  private int run(Machinery machinery, String... arguments) throws Exception {
    Failure failure = new Failure(true);
    CommandLine command = new CommandLine(new BenchCommand(machinery)).setOut(new PrintWriter(out, true))
        .setErr(new PrintWriter(errors, true)).setParameterExceptionHandler((wrong, _) -> failure.report(wrong))
        .setExecutionExceptionHandler((thrown, at, _) -> failure.report(at.getErr(), thrown));
    return TestDevices.with(folder, () -> command.execute(arguments));
  }

  private static Machinery here(Device... devices) {
    return new Machinery(() -> List.of(devices).stream().map(Place::here).toList(), (_, _, _) -> {
      throw new AssertionError("No process was needed.");
    });
  }

  /** Each card runs a shell script. */
  private static Machinery scripts(String script) {
    return new Machinery(
        () -> List.of(Place.here(TestDevices.RIGHT), new Place(CARD, true, CARD.id(), Optional.empty())),
        (_, _, _) -> new ProcessBuilder("/bin/sh", "-c", script));
  }

  @Test
  void aDeviceThatIsWrongIsNotTimed() throws Exception {
    assertThat(
        run(here(TestDevices.RIGHT, TestDevices.WRONG, TestDevices.UNABLE), SMALL, "--seconds", "0.01", "--json"))
        .isEqualTo(1);
    List<Json> devices = Json.parse(out.toString()).get("devices").items();
    assertThat(devices).hasSize(3);
    assertThat(devices.getFirst().get("id").text()).isEqualTo("test/right");
    assertThat(devices.getFirst().get("ratio").number()).isEqualTo(1);
    assertThat(devices.getFirst().get("worst").number()).isZero();
    assertThat(devices.getFirst().get("turns").whole()).isGreaterThanOrEqualTo(3);
    assertThat(devices.getFirst().get("lower").number()).isPositive()
        .isLessThanOrEqualTo(devices.getFirst().get("upper").number());
    assertThat(devices.get(1).get("lost").text()).contains("It is wrong", "times what is allowed");
    assertThat(devices.get(2).get("lost").text()).contains("It has no kernels.");
  }

  @Test
  void theTableHasALineForEachDevice() throws Exception {
    assertThat(run(here(TestDevices.RIGHT), SMALL, "--seconds", "0.01", "--threads", "1")).isZero();
    assertThat(out.toString()).contains("lstm:T=3,B=2,I=4,H=5,D=1,L=1, 1 thread; ", "sequences/s", "test/right",
        "1.000");
  }

  @Test
  void wrongCallsAreRefused() throws Exception {
    assertThat(run(here(TestDevices.RIGHT), "lstm:Q=3")).isEqualTo(2);
    assertThat(run(here(TestDevices.RIGHT), "no/such/model.onnx")).isEqualTo(2);
    assertThat(run(here(TestDevices.RIGHT), SMALL, "--seconds", "0")).isEqualTo(2);
    assertThat(run(here(TestDevices.RIGHT), SMALL, "--threads", "0")).isEqualTo(2);
    assertThat(run(here(TestDevices.RIGHT), SMALL, "--devices", "test/none")).isEqualTo(2);
    assertThat(run(here(TestDevices.RIGHT))).isEqualTo(2);
    assertThat(errors.toString()).contains("no/such/model.onnx", "test/none");
  }

  @Test
  @DisabledOnOs(OS.WINDOWS) // the other process is a shell script
  void aDeviceOfAnotherProcessTakesItsTurnsToo() throws Exception {
    String serving = "printf '\\036{\"worst\": 0.25}\\n'; while read n; do printf 'noise \\036{\"nanos\": 20000000}\\n'; done";
    assertThat(run(scripts(serving), SMALL, "--seconds", "0.1", "--json")).isZero();
    Json card = Json.parse(out.toString()).get("devices").items().stream()
        .filter(device -> device.toString().contains("a card")).findFirst().orElseThrow();
    assertThat(card.get("worst").number()).isEqualTo(0.25);
    assertThat(card.get("median").number()).isEqualTo(0.02);
  }

  @Test
  @DisabledOnOs(OS.WINDOWS) // the other process is a shell script
  void aDriverThatCrashesCostsItsOwnLine() throws Exception {
    Path svg = folder.resolve("bench.svg");
    String crashing = "printf '\\036{\"worst\": 0.25}\\n'; read n; kill -SEGV $$";
    assertThat(run(scripts(crashing), SMALL, "--seconds", "0.01", "--svg", svg.toString())).isEqualTo(1);
    assertThat(out.toString()).contains("opencl/<b>&/0 was not timed: Its process crashed: it ended by signal 11");
    var picture = DocumentBuilderFactory.newInstance().newDocumentBuilder()
        .parse(new InputSource(new StringReader(Files.readString(svg))));
    assertThat(picture.getElementsByTagName("b").getLength()).isZero();
    assertThat(picture.getDocumentElement().getTextContent()).contains("test/right", "opencl/<b>&/0", "✕ Its process");
    assertThat(run(scripts("kill -KILL $$"), SMALL, "--seconds", "0.01")).isEqualTo(1);
    assertThat(out.toString()).contains("it ended by signal 9");
  }

  @Test
  void theOtherProcessServesUntilItsInputEnds() throws Exception {
    Contestant contestant = new Contestant() {
      @Override
      public double worst() {
        return 0.5;
      }

      @Override
      public long turn(int times) throws Lost {
        if (times > 7) {
          throw new Lost("It is tired.");
        }
        return 100L * times;
      }

      @Override
      public void close() {
        out.append("closed\n");
      }
    };
    Elsewhere.serve(new BufferedReader(new StringReader("3\n7\n")), new PrintWriter(out, true), () -> contestant);
    assertThat(out.toString()).isEqualTo("""
        \u001e{"worst":0.5}
        \u001e{"nanos":300}
        \u001e{"nanos":700}
        closed
        """);
    Elsewhere.serve(new BufferedReader(new StringReader("8\n3\n")), new PrintWriter(out, true), () -> contestant);
    assertThat(out.toString()).endsWith("{\"worst\":0.5}\nclosed\n\u001e{\"lost\":\"It is tired.\"}\n");
  }

  @Test
  void theOperationsOfAPassAreThoseOfItsProducts() throws Exception {
    assertThat(Work.of(Shape.parse("lstm:T=10,B=3,I=4,H=5"), 1).operations()).isEqualTo(2.0 * 10 * 3 * 20 * (4 + 5));
    assertThat(Work.of(Shape.parse("gru:T=10,B=3,I=4,H=5,D=2"), 1).operations())
        .isEqualTo(2 * 2.0 * 10 * 3 * 15 * (4 + 5));
  }

  @Test
  void theFastestStandsFirstAndTheLostLast() throws Exception {
    Work work = Work.of(Shape.parse(SMALL), 1);
    Result slow = new Result(new Device("slow", "", 1, Optional.empty()), 0, List.of(4.0, 2.0, 3.0), Optional.empty());
    Result fast = new Result(new Device("fast", "", 1, Optional.empty()), 0, List.of(1.0, 2.0), Optional.empty());
    Result lost = new Result(CARD, 0, List.of(), Optional.of("It broke."));
    BenchTable table = new BenchTable(Machine.here(), work, List.of(lost, slow, fast));
    assertThat(table.results()).containsExactly(fast, slow, lost);
    assertThat(fast.median()).isEqualTo(1.5);
    assertThat(slow.median()).isEqualTo(3);
    assertThat(table.ratio(slow)).isEqualTo(0.5);
    assertThat(table.sequencesPerSecond(fast)).isEqualTo(2 / 1.5);
  }
}
