package dev.carousel.formats.onnx.proto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.carousel.formats.data.FormatException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WireTest {
  private static Wire wire(String hex) {
    byte[] bytes = HexFormat.of().parseHex(hex.replace(" ", ""));
    return new Wire(MemorySegment.ofArray(bytes), "test");
  }

  private static Wire first(String hex) throws FormatException {
    Wire wire = wire(hex);
    assertThat(wire.next()).isTrue();
    return wire;
  }

  @ParameterizedTest
  @CsvSource({"08 00, 1, 0", "08 96 01, 1, 150", "f8 ff ff ff 0f 01, 536870911, 1",
      "10 ff ff ff ff ff ff ff ff ff 01, 2, -1", "10 80 80 80 80 80 80 80 80 80 01, 2, -9223372036854775808"})
  void integersAreOfAnyLength(String hex, int field, long value) throws FormatException {
    Wire wire = first(hex);
    assertThat(wire.field()).isEqualTo(field);
    assertThat(wire.integer()).isEqualTo(value);
    assertThat(wire.next()).isFalse();
  }

  @Test
  void floatsTextsAndBytesAreRead() throws FormatException {
    Wire wire = first("15 00 00 c0 3f 1a 03 61 c3 bc 22 02 01 02");
    assertThat(wire.real()).isEqualTo(1.5f);
    assertThat(wire.next()).isTrue();
    assertThat(wire.text()).isEqualTo("a\u00fc");
    assertThat(wire.next()).isTrue();
    assertThat(wire.bytes().toArray(ValueLayout.JAVA_BYTE)).containsExactly(1, 2);
    assertThat(wire.next()).isFalse();
  }

  @Test
  void repeatedNumbersStandSideBySideOrInFieldsOfTheirOwn() throws FormatException {
    List<Long> integers = new ArrayList<>();
    List<Float> reals = new ArrayList<>();
    Wire wire = wire("0a 04 01 02 96 01 08 07 12 08 00 00 80 3f 00 00 00 40 15 00 00 40 40");
    while (wire.next()) {
      if (wire.field() == 1) {
        wire.integers(integers);
      } else {
        wire.reals(reals);
      }
    }
    assertThat(integers).containsExactly(1L, 2L, 150L, 7L);
    assertThat(reals).containsExactly(1f, 2f, 3f);
  }

  @Test
  void valuesOfAllTypesArePassedOver() throws FormatException {
    Wire wire = wire("08 96 01 11 01 02 03 04 05 06 07 08 1a 02 61 62 25 01 02 03 04 2a 00");
    List<Integer> fields = new ArrayList<>();
    while (wire.next()) {
      fields.add(wire.field());
      wire.skip();
    }
    assertThat(fields).containsExactly(1, 2, 3, 4, 5);
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', textBlock = """
      08                                     | ends within a number
      08 80                                  | ends within a number
      08 80 80 80 80 80 80 80 80 80 80 01    | holds a number of more than 10 bytes
      0a 05 61                               | is to hold 5 bytes at byte 2, and has 3
      0a ff ff ff ff 0f                      | is to hold 4294967295 bytes at byte 6, and has 6
      0a ff ff ff ff ff ff ff ff ff 01       | is to hold 18446744073709551615 bytes
      0a ff ff ff ff ff ff ff ff 7f          | is to hold 9223372036854775807 bytes
      15 00 00                               | is to hold 4 bytes
      11 00 00 00 00                         | is to hold 8 bytes
      0b 0c                                  | starts a field with 11, which ONNX does not have
      0c                                     | starts a field with 12, which ONNX does not have
      0e                                     | starts a field with 14, which ONNX does not have
      00 00                                  | starts a field with 0, which ONNX does not have
      88 80 80 80 80 01 00                   | which ONNX does not have
      """)
  void damageIsRefused(String hex, String message) {
    assertThatThrownBy(() -> {
      Wire wire = wire(hex);
      while (wire.next()) {
        wire.skip();
      }
    }).isInstanceOf(FormatException.class).hasMessageContaining("The test ").hasMessageContaining(message);
  }

  @Test
  void aValueOfAnotherTypeIsRefused() {
    assertThatThrownBy(() -> first("0a 01 61").integer()).isInstanceOf(FormatException.class)
        .hasMessageContaining("holds a field 1 of wire type 2, and 0 was expected");
    assertThatThrownBy(() -> first("08 01").text()).isInstanceOf(FormatException.class);
    assertThatThrownBy(() -> first("08 01").real()).isInstanceOf(FormatException.class);
    assertThatThrownBy(() -> first("0a 03 00 00 00").reals(new ArrayList<>())).isInstanceOf(FormatException.class);
    assertThatThrownBy(() -> first("0a 01 80").integers(new ArrayList<>())).isInstanceOf(FormatException.class);
  }
}
