package dev.carousel.cli;

import dev.carousel.cli.bench.BenchCommand;
import dev.carousel.cli.console.Failure;
import dev.carousel.cli.console.StandardStream;
import dev.carousel.cli.devices.DevicesCommand;
import dev.carousel.cli.model.ConvertCommand;
import dev.carousel.cli.model.InspectCommand;
import dev.carousel.cli.run.RunCommand;
import dev.carousel.cli.verify.VerifyCommand;
import java.io.FileDescriptor;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/** The command: its subcommands, and how it starts and ends. */
@Command(name = "carousel", mixinStandardHelpOptions = true, versionProvider = Version.class, subcommands = {
    DevicesCommand.class, InspectCommand.class, RunCommand.class, VerifyCommand.class, ConvertCommand.class,
    BenchCommand.class, CompletionCommand.class,
    RehearseCommand.class}, description = "Runs trained recurrent networks on whatever this machine has.", footer = {
        "", "The status is 0, 1 where the work failed, 2 where the call was wrong.", "CAROUSEL_OPTS holds options of"
            + " the JVM, for example -Xmx4g or -Dcarousel.device=cpu/openblas.",
        "", "Example:", "  carousel inspect tagger.onnx",
        "  carousel run tagger.onnx --input frames.npy --output scores.npy"})
public final class Carousel {
  private static final String STACKTRACE = "--stacktrace";

  @Option(names = STACKTRACE, scope = ScopeType.INHERIT, description = "Print the stack too where something fails.")
  @SuppressWarnings("UnusedVariable") // it is looked for before anything is parsed, for what fails in parsing
  private boolean stacktrace;

  private Carousel() {}

  /** Runs, prints, and ends the process. */
  public static void main(String[] arguments) {
    StandardStream out = new StandardStream(FileDescriptor.out);
    PrintWriter errors = new PrintWriter(new StandardStream(FileDescriptor.err), true, StandardCharsets.UTF_8);
    PrintWriter results = new PrintWriter(out, false, StandardCharsets.UTF_8);
    int status = execute(results, errors, arguments);
    results.flush();
    Optional<IOException> lost = out.failure();
    if (lost.isPresent()) {
      status = new Failure(false).report(errors, new IOException("Standard output took not all: "
          + lost.get().getMessage(), lost.get()));
    }
    System.exit(status);
  }

  /** Runs, and gives the status. */
  static int execute(PrintWriter out, PrintWriter errors, String... arguments) {
    Failure failure = new Failure(List.of(arguments).contains(STACKTRACE));
    try {
      return commandLine(failure).setOut(out).setErr(errors).execute(arguments);
    } catch (Error error) { // picocli hands on exceptions only
      return failure.report(errors, error);
    }
  }

  /** The command as picocli knows it. */
  static CommandLine commandLine(Failure failure) {
    CommandLine command = new CommandLine(new Carousel());
    command.setParameterExceptionHandler((wrong, _) -> failure.report(wrong));
    command.setExecutionExceptionHandler((thrown, at, _) -> failure.report(at.getErr(), thrown));
    command.setCaseInsensitiveEnumValuesAllowed(true);
    command.setAbbreviatedOptionsAllowed(false);
    return command;
  }
}
