package dev.carousel.bench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carousel.formats.json.Json;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xml.sax.SAXException;

/** What a race prints and leaves. */
final class ReportTest {
  private static final Shape SHAPE = Shape.parse("x lstm 10 2 100 100 1 1");
  private static final Outcome OUTCOME = new Outcome(SHAPE, 2, 8_000_000,
      List.of(ResultTest.timed("cpu/fused", 0, 1, 1, 2), ResultTest.timed("onnxruntime", 0, 2, 2, 2),
          new Result("dl4j", Standing.DECLINED, "It has no <such> | layers.", Double.NaN, List.of()),
          new Result("pytorch", Standing.FAILED, "Broken.", Double.POSITIVE_INFINITY, List.of())));
  private static final List<Row> ROWS = Row.of("some", OUTCOME, 16);

  @Test
  void aRowSaysWhatShareOfThePeakAndOfTheBestPeersTimeItIs() {
    Row row = ROWS.getFirst();
    assertThat(row.gigaflops()).isEqualTo(8);
    assertThat(row.shareOfPeak()).isEqualTo(0.5);
    assertThat(row.bestPeer()).isEqualTo("onnxruntime");
    assertThat(row.ratio()).isEqualTo(0.5);
  }

  @Test
  void resultsAreOneObjectARowThatReadsBack() throws IOException {
    String text = Row.write(ROWS);
    List<Json> objects = Json.parse(text).items();
    assertThat(objects).hasSize(4);
    assertThat(objects.getFirst().members()).containsKeys("shape", "engine", "threads", "msMin", "msMedian", "msMax",
        "gflops", "shareOfPeak", "ratioToBestPeer", "maxError");
    assertThat(objects.getFirst().get("msMax").number()).isEqualTo(2);
    assertThat(objects.get(2).find("msMedian")).isEmpty();
    assertThat(Row.write(Row.read(text))).isEqualTo(text);
  }

  @Test
  void anOutcomeReadsBackAsItWasWritten() throws IOException {
    Outcome sound = new Outcome(SHAPE, 2, 8_000_000, OUTCOME.results().subList(0, 3));
    ShapeFile file = new ShapeFile(Path.of("some.txt"), List.of(SHAPE));
    assertThat(Wire.read(Wire.write(sound), file)).isEqualTo(sound);
    assertThat(Wire.write(sound)).doesNotContain("\n");
  }

  @Test
  void theTableMarksTheBestPeerAndSaysWhyAnEngineWasNotTimed() {
    assertThat(Table.of(ROWS)).contains("onnxruntime *").contains("50 %").contains("0.500").contains("Broken.")
        .contains("peak 16 GFLOP/s");
    assertThat(Table.summary(ROWS)).contains("faster on 1 of 1 rows.");
    Outcome slow = new Outcome(SHAPE, 1, 1,
        List.of(ResultTest.timed("cpu/fused", 0, 3), ResultTest.timed("pytorch", 0, 2)));
    assertThat(Table.summary(Row.of("some", slow, 1))).contains("on 0 of 1 rows", "x with 1 thread (1.500 of pytorch)");
  }

  @Test
  void aPageAndItsChartsAreWrittenAndCanBeDrawnAnew(@TempDir Path folder) throws Exception {
    List<Row> rows = new ArrayList<>(ROWS);
    rows.addAll(IntStream.rangeClosed(0, 8).mapToObj(doubling -> sweep(1 << doubling)).flatMap(List::stream).toList());
    Json machine = Machine.facts(Options.parse("--quick"), List.of(Machine.peak("some", new Peak(2, 16, 4))));
    new Report(machine, rows).write(folder);
    assertThat(names(folder)).containsExactly("batch-latency.svg", "batch.svg", "machine.json", "results.json",
        "results.md", "some.svg");
    for (String picture : List.of("batch-latency.svg", "batch.svg", "some.svg")) {
      String words = wordsOf(folder.resolve(picture));
      assertThat(words).as(picture).contains("cpu/fused", "onnxruntime").doesNotContain("NaN", "Infinity");
    }
    assertThat(wordsOf(folder.resolve("some.svg"))).contains("failed", "has no such layers", "peak 16");
    String page = Files.readString(folder.resolve("results.md"));
    assertThat(page).contains("(some.svg)", "(batch.svg)", "16 GFLOP/s on registers", "| x | 2 | **1.000** |");
    Files.delete(folder.resolve("results.md"));
    Report.redraw(folder);
    assertThat(folder.resolve("results.md")).hasContent(page);
  }

  /** A contest of a sweep over batches, with calls enough for a 99th percentile. */
  private static List<Row> sweep(int batch) {
    Shape shape = new Shape("batch-" + batch, Cell.LSTM, 2, batch, 8, 8, 1, 1, 1);
    List<Result> results = Stream.of("cpu/fused", "onnxruntime").map(engine -> new Result(engine, Standing.TIMED, "",
        0, List.of(new Turn(0, 0, IntStream.range(0, 600).mapToObj(i -> 1000L + i).toList())))).toList();
    return Row.of("batch", new Outcome(shape, 1, 10_000L * batch, results), Double.NaN);
  }

  private static List<String> names(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  /** The words of a picture, which is a sound document. */
  private static String wordsOf(Path picture) throws IOException, ParserConfigurationException, SAXException {
    var document = DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(picture.toFile());
    return document.getDocumentElement().getTextContent();
  }

  @Test
  void theMachinesBestIsTakenFromAllMeasurementsWithSoManyThreads() {
    List<Peak> peaks = Stream.of("1: 240.5 GFLOP/s, 25.0 GB/s\n2: 480.0 GFLOP/s, 27.5 GB/s\n", "noise\n",
        "1: 248.1 GFLOP/s, 24.0 GB/s\n").flatMap(text -> Peak.parse(text).stream()).collect(Collectors.toList());
    assertThat(Peak.best(peaks, 1, Peak::gigaflops)).isEqualTo(248.1);
    assertThat(Peak.best(peaks, 1, Peak::gigabytes)).isEqualTo(25);
    assertThat(Peak.best(peaks, 2, Peak::gigaflops)).isEqualTo(480);
    assertThat(Peak.best(peaks, 3, Peak::gigaflops)).isNaN();
  }

  @Test
  void librariesAreKnownByTheirJars() {
    String path = String.join(File.pathSeparator, "/r/onnxruntime-1.29.0.jar", "/r/pytorch-2.10.0-1.5.13.jar",
        "/r/pytorch-2.10.0-1.5.13-linux-x86_64.jar", "/r/nd4j-native-1.0.0-M2.1.jar", "bench/target/classes");
    assertThat(Machine.libraries(path)).containsOnly(Map.entry("onnxruntime", "1.29.0"),
        Map.entry("pytorch", "2.10.0-1.5.13"), Map.entry("nd4j-native", "1.0.0-M2.1"));
  }
}
