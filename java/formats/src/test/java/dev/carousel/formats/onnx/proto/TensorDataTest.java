package dev.carousel.formats.onnx.proto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.carousel.formats.data.Element;
import dev.carousel.formats.data.FormatException;
import dev.carousel.formats.data.NdArray;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TensorDataTest {
  @TempDir
  private Path folder;

  private NdArray read(String hex) throws IOException {
    MemorySegment message = MemorySegment.ofArray(HexFormat.of().parseHex(hex.replace(" ", "")));
    return new TensorData(new ExternalData(Optional.of(folder))).array(TensorProto.read(message));
  }

  private static List<Float> floats(NdArray array) {
    List<Float> floats = new ArrayList<>();
    for (int i = 0; i < array.count(); i++) {
      floats.add(array.getFloat(i));
    }
    return floats;
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', textBlock = """
      F32  | 08 02 10 01 4a 08 00 00 80 3f 00 00 00 c0                                   | raw floats
      F32  | 08 02 10 01 22 08 00 00 80 3f 00 00 00 c0                                   | float_data
      F32  | 08 02 10 01 25 00 00 80 3f 25 00 00 00 c0                                   | float_data, each in a field
      F32  | 08 02 10 01 22 04 00 00 80 3f 22 04 00 00 00 c0                             | float_data in two parts
      F16  | 08 02 10 0a 4a 04 00 3c 00 c0                                               | raw float16
      F16  | 08 02 10 0a 2a 05 80 78 80 80 03                                            | float16 bits in int32_data
      F16  | 08 02 10 0a 28 80 78 28 80 80 03                                            | the same, each in a field
      BF16 | 08 02 10 10 4a 04 80 3f 00 c0                                               | raw bfloat16
      BF16 | 08 02 10 10 2a 05 80 7f 80 80 03                                            | bfloat16 bits in int32_data
      F64  | 08 02 10 0b 4a 10 00 00 00 00 00 00 f0 3f 00 00 00 00 00 00 00 c0           | raw doubles
      F64  | 08 02 10 0b 52 10 00 00 00 00 00 00 f0 3f 00 00 00 00 00 00 00 c0           | double_data
      I32  | 08 02 10 06 4a 08 01 00 00 00 fe ff ff ff                                   | raw int32
      I32  | 08 02 10 06 2a 0b 01 fe ff ff ff ff ff ff ff ff 01                          | int32_data
      I64  | 08 02 10 07 4a 10 01 00 00 00 00 00 00 00 fe ff ff ff ff ff ff ff           | raw int64
      I64  | 08 02 10 07 3a 0b 01 fe ff ff ff ff ff ff ff ff 01                          | int64_data
      """)
  void oneAndMinusTwoAreReadFrom(Element element, String hex, String what) throws IOException {
    NdArray array = read(hex);
    assertThat(array.element()).as(what).isEqualTo(element);
    assertThat(array.shape()).as(what).containsExactly(2L);
    assertThat(floats(array)).as(what).containsExactly(1f, -2f);
  }

  @Test
  void yesAndNoAreIntegers() throws IOException {
    assertThat(floats(read("08 02 10 09 4a 02 01 00"))).containsExactly(1f, 0f);
    assertThat(floats(read("08 02 10 09 2a 02 01 00"))).containsExactly(1f, 0f);
  }

  @Test
  void aTensorWithoutAxesIsANumber() throws IOException {
    NdArray array = read("10 01 4a 04 00 00 80 3f");
    assertThat(array.rank()).isZero();
    assertThat(floats(array)).containsExactly(1f);
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', textBlock = """
      08 02 10 01 42 01 61 4a 04 00 00 80 3f                                             | Tensor a takes 8 bytes, and 4 are there
      08 02 10 01 22 04 00 00 80 3f                                                      | takes 8 bytes, and 4 are there
      08 02 10 01 4a 04 00 00 80 3f 4a 04 00 00 80 3f                                    | has its numbers twice
      08 02 10 01 4a 08 00 00 80 3f 00 00 00 c0 22 04 00 00 80 3f                        | has its numbers twice
      08 02 10 07 3a 01 01                                                               | takes 2 numbers, and 1 are there
      08 02 10 07 3a 02 01 80                                                            | takes 2 numbers, and 1 are there
      08 02 10 07                                                                        | takes 2 numbers, and 0 are there
      08 ff ff ff ff ff ff ff ff ff 01 10 01                                             | is to be of [-1]
      08 80 80 80 80 80 80 80 80 40 08 04 10 01                                          | is to be of [4611686018427387904, 4]
      08 80 80 80 80 80 80 80 80 40 10 01                                                | is to be of [4611686018427387904]
      08 80 80 80 80 40 10 01                                                            | takes 68719476736 bytes, and 0
      08 01 10 03 4a 01 01                                                               | is of int8, which no part
      08 01 10 08                                                                        | is of string, which no part
      08 01 10 63                                                                        | is of unknown type 99
      """)
  void damageIsRefused(String hex, String message) {
    assertThatThrownBy(() -> read(hex)).isInstanceOf(FormatException.class).hasMessageContaining(message);
  }

  /** A tensor of two floats elsewhere. */
  private String elsewhere(String... entries) {
    StringBuilder hex = new StringBuilder("08 02 10 01 70 01");
    for (int i = 0; i < entries.length; i += 2) {
      String key = text("0a", entries[i]);
      String value = text("12", entries[i + 1]);
      hex.append(String.format(" 6a %02x%s%s", (key.length() + value.length()) / 2, key, value));
    }
    return hex.toString();
  }

  private static String text(String tag, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    return tag + String.format("%02x", bytes.length) + HexFormat.of().formatHex(bytes);
  }

  @Test
  void numbersInAnotherFileAreReadThere() throws IOException {
    Files.createDirectory(folder.resolve("deep"));
    Files.write(folder.resolve("deep/w.bin"), HexFormat.of().parseHex("ff0000803f000000c0"));
    assertThat(floats(read(elsewhere("location", "deep/w.bin", "offset", "1", "length", "8")))).containsExactly(1f,
        -2f);
    assertThat(floats(read(elsewhere("location", "./deep/w.bin", "offset", "1")))).containsExactly(1f, -2f);
  }

  @ParameterizedTest
  @ValueSource(strings = {"../w.bin", "deep/../../w.bin", "/etc/hostname", "", "none.bin", "deep", "."})
  void aPlaceOutsideOfTheFolderIsRefused(String location) throws IOException {
    Files.createDirectory(folder.resolve("deep"));
    Files.write(folder.resolve("w.bin"), new byte[64]);
    assertThatThrownBy(() -> read(elsewhere("location", location))).isInstanceOf(FormatException.class)
        .hasMessageContaining("Put it beside the model.");
  }

  @Test
  void aNameThatIsNoneIsRefused() {
    assertThatThrownBy(() -> read(elsewhere("location", "a\0b"))).isInstanceOf(FormatException.class)
        .hasMessageContaining("which is no name of a file");
  }

  @ParameterizedTest
  @CsvSource({"57, 8, from byte 57 on", "9223372036854775807, 8, from byte 9223372036854775807 on",
      "-1, 8, from byte -1",
      "0, 9, takes 8 bytes and 9 are named", "0, x, which is no number", "99999999999999999999, 8, which is no number"})
  void anOffsetOrALengthBeyondTheFileIsRefused(String offset, String length, String message) throws IOException {
    Files.write(folder.resolve("w.bin"), new byte[64]);
    assertThatThrownBy(() -> read(elsewhere("location", "w.bin", "offset", offset, "length", length)))
        .isInstanceOf(FormatException.class)
        .extracting(failure -> String.valueOf(failure.getMessage()).replace(",", ""))
        .asString().contains(message);
  }
}
