package dev.carousel.formats.npy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.carousel.formats.damage.Mutations;
import dev.carousel.formats.data.Element;
import dev.carousel.formats.data.FormatException;
import dev.carousel.formats.data.NdArray;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Arrays that numpy wrote, and headers written by hand. */
final class NpyTest {
  private static final String HEADER = "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }";

  @TempDir
  private Path folder;

  /** A file of version 1.0 with such a header and so many zeros behind it. */
  private static Npy parse(String header, int bytes) throws FormatException {
    byte[] text = header.getBytes(StandardCharsets.ISO_8859_1);
    byte[] file = Arrays.copyOf(new byte[]{(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0, (byte) text.length,
        (byte) (text.length >> 8)}, 10 + text.length + bytes);
    System.arraycopy(text, 0, file, 10, text.length);
    return Npy.parse(MemorySegment.ofArray(file), "a.npy");
  }

  private static void refused(String header, String... words) {
    assertThatThrownBy(() -> parse(header, 24)).isInstanceOf(FormatException.class).hasMessageContainingAll(words);
  }

  private static String file(Element element) {
    return switch (element) {
      case F32 -> "f4";
      case F64 -> "f8";
      case F16 -> "f2";
      case I32 -> "i4";
      case I64 -> "i8";
      case BF16 -> throw new AssertionError("numpy has none");
    };
  }

  @ParameterizedTest
  @EnumSource(names = "BF16", mode = EnumSource.Mode.EXCLUDE)
  void anArrayInCsOrderIsReadAsItLies(Element element) throws IOException {
    Npy npy = Npy.read(Fixture.file("c_" + file(element) + ".npy"));
    assertThat(npy.fortran()).isFalse();
    assertThat(npy.array()).hasToString(element + "[2, 3, 4]");
    assertThat(npy.rowMajor()).isSameAs(npy.array());
    Fixture.checkNumbers(npy.array());
  }

  @ParameterizedTest
  @EnumSource(names = "BF16", mode = EnumSource.Mode.EXCLUDE)
  void anArrayInFortransOrderHasItsDimensionsInReverseUntilItIsTurned(Element element) throws IOException {
    Npy npy = Npy.read(Fixture.file("fortran_" + file(element) + ".npy"));
    assertThat(npy.fortran()).isTrue();
    assertThat(npy.array()).hasToString(element + "[4, 3, 2]");
    assertThat(npy.array().getFloat(1)).isEqualTo(npy.rowMajor().getFloat(12));
    assertThat(npy.rowMajor()).hasToString(element + "[2, 3, 4]");
    Fixture.checkNumbers(npy.rowMajor());
  }

  @ParameterizedTest
  @CsvSource({"flat, 7", "scalar, ''", "empty, '0, 3'", "empty_deep, '3, 0, 2'", "version_2, '2, 3'",
      "version_3, '2, 3'"})
  void arraysOfEveryShapeAndVersionAreRead(String name, String shape) throws IOException {
    NdArray array = Npy.read(Fixture.file(name + ".npy")).rowMajor();
    assertThat(array).hasToString("F32[" + shape + "]");
    Fixture.checkNumbers(array);
  }

  @Test
  void aFlatArrayInFortransOrderIsNotCopied() throws IOException {
    Npy npy = parse("{'descr': '<f4', 'fortran_order': True, 'shape': (6,), }", 24);
    assertThat(npy.fortran()).isTrue();
    assertThat(npy.rowMajor()).isSameAs(npy.array());
  }

  @Test
  void anEmptyArrayInFortransOrderIsTurned() throws IOException {
    Npy npy = parse("{'descr': '<f4', 'fortran_order': True, 'shape': (3, 0, 2), }", 0);
    assertThat(npy.rowMajor()).hasToString("F32[3, 0, 2]");
  }

  @ParameterizedTest
  @CsvSource(quoteCharacter = '"', value = {"big_endian, '>f4' | the other order | astype('<f4')",
      "objects, a pickle | never run",
      "truth, truth values | astype", "unsigned, '<u4' | without a sign", "bytes, '|i1' | another width",
      "complex, complex numbers", "text, '<U3' | text", "times, '<M8[D]' | times",
      "records, records of several fields"})
  void whatIsNotReadIsRefusedByName(String name, String words) {
    assertThatThrownBy(() -> Npy.read(Fixture.file(name + ".npy"))).isInstanceOf(FormatException.class)
        .hasMessageContaining(name + ".npy").hasMessageContainingAll(words.split(" \\| "));
  }

  @ParameterizedTest
  @ValueSource(strings = {"<f4", "=f4", "|f4", "f4"})
  void namesOfOneElementMeanTheSame(String descr) throws IOException {
    assertThat(parse(HEADER.replace("<f4", descr), 24).array()).hasToString("F32[2, 3]");
  }

  @Test
  void headersThatMeanTheSameAreRead() throws IOException {
    for (String header : List.of("{\"shape\":(2,3),\"descr\":\"<f4\",\"fortran_order\":False}",
        "{ 'descr' : '<f4' , 'shape' : ( 2L , 3L , ) , 'fortran_order' : False }   \n", HEADER)) {
      assertThat(parse(header, 24).array()).hasToString("F32[2, 3]");
    }
  }

  @Test
  void headersThatAreNotJustThatAreRefused() {
    refused("", "needs '{' at character 0 of 0");
    refused(HEADER + "x", "needs the end at character 59");
    refused(HEADER.replace("'shape'", "'shame'"), "descr, fortran_order or shape");
    refused(HEADER.replace("{", "{'descr': '<f4', "), "descr but once");
    refused(HEADER.replace("}", "'shape': (6,)}"), "shape but once");
    refused(HEADER.replace("}", "'fortran_order': True}"), "fortran_order but once");
    refused(HEADER.replace(", 'shape': (2, 3)", ""), "descr, fortran_order and shape");
    refused(HEADER.replace("False", "0"), "True or False");
    refused(HEADER.replace("(2, 3)", "(6)"), "a comma in the tuple of one");
    refused(HEADER.replace("(2, 3)", "(2 3)"), "a comma or a bracket");
    refused(HEADER.replace("(2, 3)", "[2, 3]"), "'('");
    refused(HEADER.replace("(2, 3)", "(-2, -3)"), "a size");
    refused(HEADER.replace("(2, 3)", "(2, 3.0)"), "a comma or a bracket");
    refused(HEADER.replace("(2, 3)", "(2, 9999999999999999999)"), "9999999999999999999, more than a file holds");
    refused(HEADER.replace("(2, 3)", "((2, 3))"), "a size");
    refused(HEADER.replace("'<f4'", "'<f\\x34'"), "a plain string");
    refused(HEADER.replace("'<f4'", "4"), "a string");
    refused(HEADER.replace("'<f4'", "''"), "holds ''");
  }

  @Test
  void aShapeThatTheFileDoesNotHoldIsRefused() {
    refused(HEADER.replace("(2, 3)", "(2, 4)"), "is to be 32 bytes", "damaged or incomplete");
    refused(HEADER.replace("(2, 3)", "(2, 2)"), "has 8 bytes behind its array of [2, 2]", "numpy.savez");
    refused(HEADER.replace("(2, 3)", "(4611686018427387904, 4)"), "damaged or incomplete");
    refused(HEADER.replace("(2, 3)", "(9223372036854775807,)"), "damaged or incomplete");
    refused(HEADER.replace("(2, 3)", "(" + "1, ".repeat(65) + ")"), "65 dimensions");
  }

  @Test
  void aTruncatedFileIsRefused() throws IOException {
    byte[] whole = Files.readAllBytes(Fixture.file("version_2.npy"));
    for (int length = 0; length < whole.length; length++) {
      MemorySegment part = MemorySegment.ofArray(Arrays.copyOf(whole, length));
      assertThatThrownBy(() -> Npy.parse(part, "a.npy")).isInstanceOf(FormatException.class);
    }
  }

  @Test
  void anotherVersionIsRefused() throws IOException {
    byte[] whole = Files.readAllBytes(Fixture.file("flat.npy"));
    whole[6] = 4;
    assertThatThrownBy(() -> Npy.parse(MemorySegment.ofArray(whole), "a.npy"))
        .hasMessage("a.npy is of version 4.0 of the .npy format, and versions 1.0, 2.0 and 3.0 are read.");
  }

  @ParameterizedTest
  @ValueSource(strings = {"c_f4", "c_f8", "c_f2", "c_i4", "c_i8", "flat", "scalar", "empty", "empty_deep"})
  void whatIsWrittenIsByteForByteWhatNumpyWrites(String name) throws IOException {
    Path source = Fixture.file(name + ".npy");
    Path copy = folder.resolve("copy.npy");
    Npy.write(copy, Npy.read(source).array());
    assertThat(copy).hasSameBinaryContentAs(source);
  }

  @Test
  void anArrayOnTheHeapIsWritten() throws IOException {
    Path file = folder.resolve("heap.npy");
    float[] values = new float[50_000];
    for (int i = 0; i < values.length; i++) {
      values[i] = (i - 5) / 4f;
    }
    Npy.write(file, NdArray.of(List.of(100L, 500L), values));
    Fixture.checkNumbers(Npy.read(file).array());
  }

  @Test
  void aFileMayBeReplacedByWhatWasReadFromIt() throws IOException {
    Path file = Files.copy(Fixture.file("c_f4.npy"), folder.resolve("same.npy"));
    Npy.write(file, Npy.read(file).array());
    assertThat(file).hasSameBinaryContentAs(Fixture.file("c_f4.npy"));
    try (var files = Files.list(folder)) {
      assertThat(files).containsExactly(file);
    }
  }

  @Test
  void aCreatedFileHoldsWhatIsSetInIt() throws IOException {
    Path file = folder.resolve("created.npy");
    Files.writeString(file, "what was there before");
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment data = Npy.create(file, Element.F32, List.of(2L, 3L, 4L), arena);
      assertThat(data.address() % 64).isZero();
      for (int i = 0; i < 24; i++) {
        data.setAtIndex(ValueLayout.JAVA_FLOAT, i, (i - 5) / 4f);
      }
    }
    assertThat(file).hasSameBinaryContentAs(Fixture.file("c_f4.npy"));
  }

  @Test
  void aCreatedFileMayBeEmpty() throws IOException {
    Path file = folder.resolve("created.npy");
    try (Arena arena = Arena.ofConfined()) {
      assertThat(Npy.create(file, Element.F32, List.of(0L, 3L), arena).byteSize()).isZero();
    }
    assertThat(file).hasSameBinaryContentAs(Fixture.file("empty.npy"));
  }

  @Test
  void whatNumpyDoesNotKnowIsNotWritten() {
    Path file = folder.resolve("a.npy");
    assertThatThrownBy(() -> Npy.create(file, Element.BF16, List.of(1L), Arena.ofAuto()))
        .isInstanceOf(FormatException.class)
        .hasMessage("numpy does not know BF16. Write F32 in its place.");
    assertThatThrownBy(() -> Npy.create(file, Element.F64, List.of(1L << 61), Arena.ofAuto()))
        .isInstanceOf(FormatException.class)
        .hasMessageContaining("more than a file holds");
    assertThatThrownBy(() -> Npy.create(file, Element.F64, List.of(-1L), Arena.ofAuto()))
        .isInstanceOf(FormatException.class);
    assertThat(file).doesNotExist();
  }

  @Test
  void aFileLargerThanTheDiskIsNotBegun() {
    assertThatThrownBy(() -> Npy.create(folder.resolve("a.npy"), Element.F32, List.of(1L << 58), Arena.ofAuto()))
        .isInstanceOf(IOException.class).hasMessageContaining("its disk has");
  }

  @Test
  void whatIsNoPlainFileIsNotReplaced() {
    assertThatThrownBy(() -> Npy.write(folder, NdArray.of(List.of(1L), 1))).isInstanceOf(IOException.class)
        .hasMessageContaining("no plain file");
    assertThatThrownBy(() -> Npy.write(folder.resolve("no/a.npy"), NdArray.of(List.of(1L), 1)))
        .isInstanceOf(IOException.class).hasMessageEndingWith("is not there. Make it first.");
  }

  @Test
  void damagedFilesAreRefused() throws IOException {
    for (String name : List.of("fortran_f4.npy", "version_2.npy", "c_i8.npy")) {
      Mutations.survive(folder, name, Files.readAllBytes(Fixture.file(name)), file -> {
        NdArray array = Npy.read(file).rowMajor();
        for (long i = 0; i < array.count(); i++) {
          array.getFloat(i);
        }
      });
    }
  }
}
