package dev.carousel.cli.bench;

import dev.carousel.Devices;
import dev.carousel.cli.bench.Contestant.Lost;
import dev.carousel.cli.console.WrongCall;
import dev.carousel.cli.devices.Choice;
import dev.carousel.cli.devices.Machinery;
import dev.carousel.cli.devices.OwnFolder;
import dev.carousel.cli.devices.Place;
import dev.carousel.cli.machine.Machine;
import dev.carousel.formats.data.WholeFile;
import dev.carousel.spi.CompileOptions;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Compares the speed of devices. */
@Command(name = "bench", mixinStandardHelpOptions = true, description = {
    "Runs a model, or layers of a shape, on every device in turns, and compares their times.",
    "What a device computes is held to the reference first; one that is wrong is not timed, and the status is 1."}, footer = {
        "", "A shape is lstm, gru or rnn and its sizes, as in lstm:T=100,B=32,I=256,H=256,D=1,L=1: steps, sequences,"
            + " inputs, hidden units, directions, layers. Those that are left out are as in this example. Behind a"
            + " model's file stand T and B alone.",
        "", "Example:", "  carousel bench lstm:H=512,B=1 --svg bench.svg",
        "  carousel bench tagger.onnx:T=40,B=64 --devices cpu/fused,cpu/openblas"})
public final class BenchCommand implements Callable<Integer> {
  private static final String REFERENCE = "reference";

  private final @Nullable Machinery machinery;

  @Spec
  private CommandSpec spec;

  @Parameters(paramLabel = "MODEL|SHAPE", description = "What is run; see below.")
  private String what;

  @Option(names = "--devices", split = ",", paramLabel = "ID", description = {
      "The devices to time, with commas between;"
          + " without any, all but the reference."})
  private List<String> devices = List.of();

  @Option(names = "--threads", paramLabel = "N", description = "How many threads each may use; else all processors.")
  private @Nullable Integer threads;

  @Option(names = "--seconds", paramLabel = "S", defaultValue = "2", description = {"How long each is timed in all;"
      + " ${DEFAULT-VALUE} without this."})
  private double seconds;

  @Option(names = "--svg", paramLabel = "FILE", description = "Write a picture too.")
  private @Nullable Path svg;

  @Option(names = "--json", description = "Print an object with machine, shape, threads, operations, and devices.")
  private boolean json;

  @Option(names = "--child", hidden = true, description = "Be the device of this id for who started this.")
  private @Nullable String child;

  @Option(names = "--expected", hidden = true, description = "The reference's output.")
  private @Nullable Path expected;

  /** For picocli. */
  public BenchCommand() {
    this(null);
  }

  /** With other devices than this machine's. */
  @SuppressWarnings("NullAway.Init") // picocli sets what is not optional
  BenchCommand(@Nullable Machinery machinery) {
    this.machinery = machinery;
  }

  @Override
  public Integer call() throws Exception {
    WrongCall.check(seconds > 0 && seconds <= 3600, "--seconds is %s; it is above 0 and at most 3600.", seconds);
    int most = threads == null ? CompileOptions.defaults().threads() : threads;
    WrongCall.check(most > 0, "--threads is %d; a device needs at least 1.", most);
    Work work = Work.of(Shape.parse(what), most);
    if (child != null && expected != null) {
      return child(work, child, WholeFile.read(expected));
    }
    Machinery parts = machinery == null ? Machinery.of(spec.root().userObject().getClass()) : machinery;
    List<Place> places = Choice.of(parts.places().all(), devices).stream().filter(place -> place.device().available()
        && (!devices.isEmpty() || !place.device().id().equals(REFERENCE))).toList();
    BenchTable table = new BenchTable(Machine.here(), work, results(work, parts, places));
    PrintWriter out = spec.commandLine().getOut();
    if (json) {
      out.println(table.json().pretty());
    } else {
      table.print(out);
    }
    if (svg != null) {
      Files.writeString(svg, BenchChart.of(table));
    }
    return table.results().stream().allMatch(Result::timed) ? 0 : 1;
  }

  private List<Result> results(Work work, Machinery parts, List<Place> places) throws IOException {
    MemorySegment right = work.expected();
    try (OwnFolder folder = OwnFolder.create(); Contest contest = new Contest(seconds)) {
      Path file = folder.path().resolve("expected");
      Files.write(file, right.toArray(ValueLayout.JAVA_BYTE));
      for (Place place : places) {
        try {
          contest.add(place.device(), place.own() ? elsewhere(work, parts, place, file)
              : Here.open(work, place.device(), right));
        } catch (Lost lost) {
          contest.addLost(place.device(), String.valueOf(lost.getMessage()));
        }
      }
      return contest.run(_ -> {});
    }
  }

  private Contestant elsewhere(Work work, Machinery parts, Place place, Path file) throws IOException, Lost {
    OwnFolder folder = OwnFolder.create();
    List<String> words = new ArrayList<>(List.of("bench", what, "--threads", Integer.toString(work.threads()),
        "--child", place.there(), "--expected", file.toString()));
    return Elsewhere.open(folder, parts.launch().process(place, words, folder.path()));
  }

  /** What the process of a device does. */
  private int child(Work work, String id, MemorySegment right) throws IOException {
    BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    Elsewhere.serve(in, spec.commandLine().getOut(), () -> Here.open(work, Devices.byId(id), right));
    return 0;
  }
}
