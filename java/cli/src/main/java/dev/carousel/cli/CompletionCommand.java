package dev.carousel.cli;

import java.util.Objects;
import java.util.concurrent.Callable;
import picocli.AutoComplete;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Prints what a shell needs to complete the command's words. */
@Command(name = "completion", aliases = "generate-completion", mixinStandardHelpOptions = true, description = {
    "Prints a script that makes bash or zsh complete commands and options."}, footer = {"", "Example:",
        "  source <(carousel completion)"})
final class CompletionCommand implements Callable<Integer> {
  @Spec
  private CommandSpec spec;

  @Override
  public Integer call() {
    var root = Objects.requireNonNull(spec.root().commandLine());
    spec.commandLine().getOut().print(AutoComplete.bash(root.getCommandName(), root));
    return 0;
  }
}
