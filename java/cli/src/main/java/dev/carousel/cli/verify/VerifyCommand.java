package dev.carousel.cli.verify;

import dev.carousel.Devices;
import dev.carousel.cli.console.WrongCall;
import dev.carousel.cli.devices.Choice;
import dev.carousel.cli.devices.Machinery;
import dev.carousel.cli.devices.Place;
import dev.carousel.spi.Device;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Holds devices to the reference: by the conformance suite, or by a model. */
@Command(name = "verify", mixinStandardHelpOptions = true, description = {
    "Runs the conformance suite, or a model, on every device and compares each answer with that of the reference.",
    "A device of OpenCL is asked in a process of its own: a driver that crashes costs its own line."}, footer = {"",
        "Errors are in units of the tolerance, of which 1 is just allowed. A model runs on random inputs: full and"
            + " ragged batches of several shapes, and cut in two where it reads forwards; and on those given.",
        "The status is 1 when a device is wrong or breaks down; devices that cannot be used are listed.", "",
        "The JSON has carousel, when, machine, title, model, command, right; devices, each with id, description,"
            + " standing (right, wrong, broken, unavailable), unavailable, broken, passed, failed, unsupported, worst,"
            + " seconds, families and failures; and cases, each with case, family, subject and outcomes by device.",
        "", "Example:", "  carousel verify --report report.html",
        "  carousel verify tagger.onnx --input frames.npy --devices cpu/fused",
        "  carousel verify --devices opencl/pocl/0 --cases layer/lstm --json -"})
public final class VerifyCommand implements Callable<Integer> {
  private static final String STANDARD = "-";

  private final @Nullable Machinery machinery;

  @Spec
  private CommandSpec spec;

  @Mixin
  private Asked asked;

  @Option(names = "--devices", split = ",", paramLabel = "ID", description = {"The devices to ask, with commas between;"
      + " all where none are given."})
  private List<String> devices = List.of();

  @Option(names = "--report", paramLabel = "OUT.html", description = "Write a report for a browser; - for standard output.")
  private @Nullable String report;

  @Option(names = "--json", paramLabel = "FILE", description = "Write everything as JSON; - for standard output.")
  private @Nullable String json;

  @Option(names = "--child", hidden = true, description = "Examine one device, and tell the events to who started this.")
  private @Nullable String child;

  /** For picocli. */
  public VerifyCommand() {
    this(null);
  }

  /** With other devices than this machine's. */
  VerifyCommand(@Nullable Machinery machinery) {
    this.machinery = machinery;
  }

  @Override
  public Integer call() throws Exception {
    boolean silent = STANDARD.equals(report) || STANDARD.equals(json);
    WrongCall.check(!STANDARD.equals(report) || !STANDARD.equals(json),
        "Both --report and --json are to go to standard output. Give one of them a file.");
    asked.check();
    if (child != null) {
      return child(child);
    }
    Machinery parts = machinery == null ? Machinery.of(spec.root().userObject().getClass()) : machinery;
    List<Place> places = Choice.of(parts.places().all(), devices);
    try (Exam exam = asked.exam()) {
      PrintWriter errors = spec.commandLine().getErr();
      Verification all = new Round(exam, asked.questions(exam), asked.calls(devices), parts, errors).verify(places);
      VerificationText.print(all, silent ? errors : spec.commandLine().getOut());
      if (report != null) {
        write(report, HtmlReport.of(all));
      }
      if (json != null) {
        write(json, VerificationJson.of(all).pretty() + "\n");
      }
      return all.right() ? 0 : 1;
    }
  }

  /** What the process of a device does. */
  private int child(String id) {
    Device device = Devices.byId(id);
    try (Exam exam = asked.exam()) {
      new Examiner(exam, asked.questions(exam)).examine(device, Child.printer(spec.commandLine().getOut()));
    }
    return 0;
  }

  private void write(String file, String text) throws IOException {
    if (file.equals(STANDARD)) {
      spec.commandLine().getOut().print(text);
      spec.commandLine().getOut().flush();
    } else {
      Files.writeString(Path.of(file), text);
    }
  }
}
