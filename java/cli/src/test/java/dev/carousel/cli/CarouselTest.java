package dev.carousel.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carousel.cli.console.Failure;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

final class CarouselTest {
  @TempDir
  private Path folder;

  private static void assertOneLine(Call call, int status) {
    assertThat(call.status()).as(call.errors()).isEqualTo(status);
    assertThat(call.out()).isEmpty();
    assertThat(call.errors()).startsWith("carousel: ").endsWith(System.lineSeparator());
    assertThat(call.errors().lines()).hasSize(1);
  }

  @Test
  void helpTeachesByExamples() {
    Call call = Call.of("--help");
    assertThat(call.status()).isZero();
    assertThat(call.out()).contains("Usage: carousel", "devices", "inspect", "run", "convert", "Example:")
        .doesNotContain("rehearse", "\u001b");
    assertThat(call.errors()).isEmpty();
  }

  @TestFactory
  Stream<DynamicTest> everySubcommandHasHelpWithAnExample() {
    return Carousel.commandLine(new Failure(false)).getSubcommands().entrySet().stream()
        .filter(command -> !command.getValue().getCommandSpec().usageMessage().hidden())
        .map(command -> DynamicTest.dynamicTest(command.getKey(), () -> {
          Call call = Call.of(command.getKey(), "--help");
          assertThat(call.status()).isZero();
          assertThat(call.out()).contains("Usage: carousel ", "Example:", "--stacktrace");
          assertThat(call.out().lines()).allMatch(line -> line.length() <= 80);
        }));
  }

  @Test
  void theVersionNamesJavasToo() {
    assertThat(Call.of("--version").out()).startsWith("carousel ").contains("Java " + Runtime.version());
  }

  @Test
  void aWrongCallIsOneLineAndStatus2() {
    assertOneLine(Call.of(), 2);
    assertOneLine(Call.of("devicez"), 2);
    assertThat(Call.of("devicez").errors()).contains("Did you mean devices?", "See 'carousel --help'.");
    assertOneLine(Call.of("devices", "--colour"), 2);
    assertOneLine(Call.of("inspect"), 2);
    assertThat(Call.of("inspect").errors()).contains("MODEL", "See 'carousel inspect --help'.");
    assertOneLine(Call.of("inspect", folder.resolve("nothing.onnx")), 2);
    assertOneLine(Call.of("run", "m", "-i", "x.npy", "-o", "y.npy", "--threads", "none"), 2);
    assertOneLine(Call.of("run", "m", "-i", "x.npy", "-o", "y.npy", "--layout", "space"), 2);
    assertOneLine(Call.of("convert", "one"), 2);
  }

  @Test
  void workThatFailsIsOneLineAndStatus1() throws Exception {
    Path file = Files.writeString(folder.resolve("text.onnx"), "no model\n");
    assertOneLine(Call.of("inspect", file), 1);
    assertThat(Call.of("inspect", file).errors()).contains(file.toString());
  }

  @Test
  void theStackIsPrintedWhereItIsAskedForBeforeOrBehindTheSubcommand() throws Exception {
    Path file = Files.writeString(folder.resolve("text.onnx"), "no model\n");
    for (Call call : new Call[]{Call.of("--stacktrace", "inspect", file), Call.of("inspect", file, "--stacktrace")}) {
      assertThat(call.status()).isEqualTo(1);
      assertThat(call.errors()).startsWith("carousel: ").contains("FormatException", "at dev.carousel.");
    }
    assertThat(Call.of("inspect", file, "--stacktrace", "--nonsense").errors()).contains("UnmatchedArgumentException");
  }

  @Test
  void completionIsAScriptThatKnowsTheCommands() {
    Call call = Call.of("completion");
    assertThat(call.status()).isZero();
    assertThat(call.out()).startsWith("#!/usr/bin/env bash").contains("complete -F", "inspect", "--program")
        .doesNotContain("rehearse");
    assertThat(Call.of("generate-completion").out()).contains("complete -F");
  }
}
