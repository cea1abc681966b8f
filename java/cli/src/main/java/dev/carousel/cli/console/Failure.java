package dev.carousel.cli.console;

import dev.carousel.formats.data.FormatException;
import dev.carousel.spi.form.Legible;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.util.List;
import picocli.CommandLine;

/**
 * What a command says when it does not succeed: one line, and a status.
 *
 * @param traced whether the stack is printed too
 */
public record Failure(boolean traced) {
  /** The status where the work failed. */
  public static final int FAILED = 1;
  /** The status where the call was wrong. */
  public static final int WRONG = 2;

  /** Prints what the call of a command lacks, and gives the status. */
  public int report(CommandLine.ParameterException wrong) {
    CommandLine command = wrong.getCommandLine();
    StringBuilder text = new StringBuilder(sentence(String.valueOf(wrong.getMessage())));
    if (wrong instanceof CommandLine.UnmatchedArgumentException unmatched) {
      List<String> similar = unmatched.getSuggestions();
      if (!similar.isEmpty()) {
        text.append(" Did you mean ").append(similar.getFirst()).append('?');
      }
    }
    text.append(" See '").append(command.getCommandSpec().qualifiedName()).append(" --help'.");
    return print(command.getErr(), wrong, text.toString(), WRONG);
  }

  /** Prints why the work failed, and gives the status. */
  public int report(PrintWriter errors, Throwable failure) {
    return switch (failure) {
      case UncheckedIOException unchecked when unchecked.getCause() != null -> report(errors, unchecked.getCause());
      case WrongCall wrong -> print(errors, wrong, String.valueOf(wrong.getMessage()), WRONG);
      case NoSuchFileException none -> print(errors, none, none.getFile() + " is not there.", WRONG);
      case FormatException damaged -> print(errors, damaged, String.valueOf(damaged.getMessage()), FAILED);
      case FileSystemException refused -> print(errors, refused, words(refused), FAILED);
      case IOException trouble -> print(errors, trouble, sentence(words(trouble)), FAILED);
      case IllegalArgumentException refused when refused.getMessage() != null ->
        print(errors, refused, refused.getMessage(), FAILED);
      case OutOfMemoryError full -> print(errors, full, "The JVM's memory is used up (" + full.getMessage()
          + "). Give it more, for example by CAROUSEL_OPTS=-Xmx4g.", FAILED);
      default -> print(errors, failure, "This should not have happened: " + words(failure)
          + " The option --stacktrace says where it came from.", FAILED);
    };
  }

  private static String words(FileSystemException refused) {
    String reason = switch (refused) {
      case AccessDeniedException _ -> "access is denied";
      case FileAlreadyExistsException _ -> "it is there already";
      default -> refused.getReason() == null ? refused.getClass().getSimpleName() : refused.getReason();
    };
    return refused.getFile() + " cannot be used: " + reason + ".";
  }

  private static String words(Throwable failure) {
    return failure.getMessage() == null ? failure.getClass().getName() + "." : failure.getMessage();
  }

  private static String sentence(String text) {
    return text.endsWith(".") || text.endsWith("?") ? text : text + ".";
  }

  private int print(PrintWriter errors, Throwable failure, String text, int status) {
    errors.println("carousel: " + Legible.message(text.strip().replaceAll("\\s*\\R\\s*", " ")));
    if (traced) {
      StringWriter trace = new StringWriter();
      failure.printStackTrace(new PrintWriter(trace));
      trace.toString().lines().map(line -> line.replace("\t", "    ")).map(Legible::message).forEach(errors::println);
    }
    errors.flush();
    return status;
  }
}
