package dev.carousel.formats.onnx.proto;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.Channels;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

class WireWriterTest {
  private static String hex(WireWriter message) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    message.writeTo(Channels.newChannel(bytes));
    assertThat(bytes.size()).isEqualTo(message.size());
    return HexFormat.of().formatHex(bytes.toByteArray());
  }

  @Test
  void numbersAreSevenBitsAByte() throws IOException {
    assertThat(hex(new WireWriter().number(1, 150))).isEqualTo("089601");
    assertThat(hex(new WireWriter().number(1, 0))).isEqualTo("0800");
    assertThat(hex(new WireWriter().number(20, -1))).isEqualTo("a001ffffffffffffffffff01");
  }

  @Test
  void textAndFloatsAreWhatTheWireHas() throws IOException {
    assertThat(hex(new WireWriter().text(2, "testing"))).isEqualTo("120774657374696e67");
    assertThat(hex(new WireWriter().text(2, "ü"))).isEqualTo("1202c3bc");
    assertThat(hex(new WireWriter().decimal(2, 1.5f))).isEqualTo("150000c03f");
  }

  @Test
  void aMessageWithinAMessageIsAsLongAsItSays() throws IOException {
    WireWriter inner = new WireWriter().number(1, 150);
    assertThat(hex(new WireWriter().number(1, 1).message(3, inner).number(2, 2))).isEqualTo("08011a030896011002");
  }

  @Test
  void memoryOfEachKindStandsBetweenWhatCameBeforeAndAfter() throws IOException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment outside = arena.allocate(2).fill((byte) 0xaa);
      WireWriter inner = new WireWriter().number(1, 1)
          .bytes(9, List.of(outside, MemorySegment.ofArray(new float[]{1.5f})))
          .number(2, 2);
      assertThat(hex(new WireWriter().message(5, inner).text(8, "x")))
          .isEqualTo("2a0c08014a06aaaa0000c03f1002" + "420178");
    }
  }

  @Test
  void moreThanAStageOfBytesIsWrittenInOrder() throws IOException {
    byte[] many = new byte[(1 << 20) + 3];
    many[1 << 20] = 7;
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    new WireWriter().bytes(1, List.of(MemorySegment.ofArray(many), MemorySegment.ofArray(many)))
        .writeTo(Channels.newChannel(bytes));
    assertThat(bytes.size()).isEqualTo(1 + 4 + 2 * many.length);
    assertThat(bytes.toByteArray()[5 + (1 << 20)]).isEqualTo((byte) 7);
    assertThat(bytes.toByteArray()[5 + many.length + (1 << 20)]).isEqualTo((byte) 7);
  }

  @Test
  void theLengthOfWhatIsBeyondTwoGigabytesIsKnownWithoutACopy() {
    MemorySegment mega = MemorySegment.ofArray(new byte[1 << 20]);
    WireWriter large = new WireWriter().bytes(1, Collections.nCopies(4096, mega));
    assertThat(large.size()).isEqualTo((4L << 30) + 1 + 5);
  }
}
