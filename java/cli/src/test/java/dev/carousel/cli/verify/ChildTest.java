package dev.carousel.cli.verify;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carousel.cli.verify.DeviceResult.Log;
import dev.carousel.conformance.Outcome;
import dev.carousel.spi.Device;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;

@DisabledOnOs(OS.WINDOWS) // children are shell scripts, and end by signals
final class ChildTest {
  private static final Device DEVICE = new Device("opencl/x/0", "a device", 1, Optional.empty());
  private static final Question FIRST = new Question("layer", "lstm", "first");
  private static final Question SECOND = new Question("layer", "lstm", "second");
  private static final Outcome PASS = new Outcome(Outcome.Kind.PASS, "", OptionalDouble.of(0.5));

  private final List<Event> heard = new ArrayList<>();

  /** Shell commands that print events. */
  static String printing(Event... events) {
    StringWriter text = new StringWriter();
    for (Event event : events) {
      Child.printer(new PrintWriter(text)).accept(event);
    }
    return "printf '%s' '" + text + "'\n";
  }

  private DeviceResult run(String script) {
    return run(script, Duration.ofMinutes(1));
  }

  private DeviceResult run(String script, Duration patience) {
    Log log = new Log(DEVICE);
    new Child(new ProcessBuilder("/bin/sh", "-c", script), patience).examine(log, heard::add);
    return log.result();
  }

  @Test
  void whatAChildTellsIsWhatItsParentHasFound() {
    DeviceResult result = run(printing(new Event.Asked(FIRST), new Event.Answered(new Answer(FIRST, PASS, 0.25)),
        new Event.Ended(1.5, Optional.empty())));
    assertThat(result.standing()).isEqualTo(DeviceResult.Standing.RIGHT);
    assertThat(result.answers()).containsExactly(new Answer(FIRST, PASS, 0.25));
    assertThat(result.seconds()).isEqualTo(1.5);
    assertThat(heard).hasSize(3);
  }

  @Test
  void aChildThatCrashesLosesNothingThatItHasAnswered() {
    DeviceResult result = run(printing(new Event.Asked(FIRST), new Event.Answered(new Answer(FIRST, PASS, 0.25)),
        new Event.Asked(SECOND)) + "echo 'LLVM ERROR: out of registers' >&2; kill -SEGV $$");
    assertThat(result.standing()).isEqualTo(DeviceResult.Standing.BROKEN);
    assertThat(result.answers()).hasSize(1);
    assertThat(result.broken().orElse(""))
        .isEqualTo("Its process crashed in layer/second: ended by signal 11 (SIGSEGV)."
            + " Its last words: LLVM ERROR: out of registers");
    assertThat(heard.getLast()).isInstanceOf(Event.Ended.class);
  }

  @Test
  void aChildThatLeavesTooEarlyIsBrokenThoughItsStatusIsZero() {
    assertThat(run(printing(new Event.Asked(FIRST)) + "exit 0").broken().orElse(""))
        .isEqualTo("Its process crashed in layer/first: ended with status 0.");
    assertThat(run("exit 3").broken().orElse("")).isEqualTo("Its process crashed: ended with status 3.");
  }

  @Test
  void aChildThatCrashesAfterItsEndIsForgiven() {
    assertThat(run(printing(new Event.Ended(1, Optional.empty())) + "kill -ABRT $$").standing())
        .isEqualTo(DeviceResult.Standing.RIGHT);
  }

  @Test
  void aSilentChildIsGivenUp() {
    DeviceResult result = run(printing(new Event.Asked(FIRST)) + "exec sleep 600", Duration.ofSeconds(2));
    assertThat(result.broken().orElse("")).contains("hung in layer/first", "2 s");
  }

  @Test
  void whatADriverPrintsIsNotMistakenForAnEvent() {
    DeviceResult result = run("printf 'driver speaks\\n{\"ended\": 1}\\nwithout an end: '\n"
        + printing(new Event.Ended(1.5, Optional.empty())));
    assertThat(result.seconds()).isEqualTo(1.5);
    assertThat(result.standing()).isEqualTo(DeviceResult.Standing.RIGHT);
  }

  @Test
  void whatIsNotUnderstoodBreaksTheDevice() {
    assertThat(run("printf '\\036{\"ended\": \"soon\"}\\n'; sleep 600").broken().orElse(""))
        .contains("not understood", "soon");
  }

  @Test
  void aProgramThatIsNotThereBreaksTheDevice() {
    Log log = new Log(DEVICE);
    new Child(new ProcessBuilder("/no/such/program"), Duration.ofMinutes(1)).examine(log, heard::add);
    assertThat(log.result().broken().orElse("")).contains("could not be started", "/no/such/program");
  }

  @Test
  void ofJavasOwnReportTheSignalAndTheFrameAreKept() {
    LastWords words = new LastWords();
    """
        compiling
        #
        # A fatal error has been detected by the Java Runtime Environment:
        #
        #  SIGSEGV (0xb) at pc=0x00007f, pid=1, tid=2
        #
        # JRE version: OpenJDK
        # Problematic frame:
        # C  [libdriver.so+0x1234]  clBuildProgram+0x12
        #
        # An error report file with more information is saved as:
        # /tmp/carousel-crash-1.log
        """.lines().forEach(words::add);
    assertThat(words.sentence().orElse("")).isEqualTo("Java's report says SIGSEGV (0xb) at pc=0x00007f, pid=1, tid=2 in"
        + " C  [libdriver.so+0x1234]  clBuildProgram+0x12; the rest of it is in /tmp/carousel-crash-1.log.");
  }
}
