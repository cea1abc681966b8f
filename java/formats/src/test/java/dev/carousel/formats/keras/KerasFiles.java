package dev.carousel.formats.keras;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carousel.formats.data.Element;
import dev.carousel.formats.data.LittleEndian;
import dev.carousel.formats.data.NdArray;
import dev.carousel.formats.data.WholeFile;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The files that make_models.py has made. */
final class KerasFiles {
  private static final Pattern GRAPH = Pattern.compile("[^.]+\\.in\\..+\\.npy");
  private static final Pattern HEADER = Pattern
      .compile("'descr': '<(f4|i4)', 'fortran_order': False, 'shape': \\(([0-9, ]*)\\)");

  private KerasFiles() {}

  static Path folder() {
    try {
      return Path.of(Objects.requireNonNull(KerasFiles.class.getResource("make_models.py")).toURI()).resolveSibling("");
    } catch (URISyntaxException impossible) {
      throw new AssertionError(impossible);
    }
  }

  static Path file(String name) {
    return folder().resolve(name);
  }

  /** The names without the ends by which their files differ. */
  static List<String> stems() throws IOException {
    try (Stream<Path> files = Files.list(folder())) {
      return files.map(file -> file.getFileName().toString()).filter(name -> name.endsWith(".in.npy"))
          .map(name -> name.substring(0, name.length() - ".in.npy".length())).sorted().toList();
    }
  }

  /** The names of those that make_graphs.py has made, which have a file for each input. */
  static List<String> graphs() throws IOException {
    try (Stream<Path> files = Files.list(folder())) {
      return files.map(file -> file.getFileName().toString()).filter(name -> GRAPH.matcher(name).matches())
          .map(name -> name.substring(0, name.indexOf('.'))).distinct().sorted().toList();
    }
  }

  /** The model of a name. */
  static Path model(String stem) {
    return Stream.of(".h5", ".keras", ".weights.h5").map(end -> file(stem + end)).filter(Files::exists).findFirst()
        .orElseThrow();
  }

  /** An array as numpy wrote it, in C's order: {@code {'descr': '<f4', 'fortran_order': False, 'shape': (3, 5), }}. */
  static NdArray array(String name) throws IOException {
    MemorySegment bytes = WholeFile.read(file(name));
    int header = LittleEndian.unsignedShort(bytes, 8);
    String said = new String(bytes.asSlice(10, header).toArray(ValueLayout.JAVA_BYTE), StandardCharsets.US_ASCII);
    Matcher matcher = HEADER.matcher(said);
    assertThat(matcher.find()).as(said).isTrue();
    List<Long> shape = Arrays.stream(matcher.group(2).split(",", -1)).map(String::strip).filter(size -> !size.isEmpty())
        .map(Long::valueOf).toList();
    return new NdArray(matcher.group(1).equals("f4") ? Element.F32 : Element.I32, shape, bytes.asSlice(10 + header));
  }
}
