package dev.carousel.formats.keras;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.carousel.formats.data.FormatException;
import dev.carousel.formats.data.LittleEndian;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import org.junit.jupiter.api.Test;

/** Structures that would send a trusting reader round in circles, or far. */
final class HdfStructureTest {
  private static final int ROOT = 64; // where a superblock of version 0 says where the first header is

  @Test
  void aWholeFileIsWalked() throws IOException {
    HdfStructure.check(MemorySegment.ofArray(bytes("numbered.weights.h5")));
  }

  @Test
  void aTableThatLeadsBackToTheFirstGroupIsRefused() throws IOException {
    byte[] bytes = bytes("numbered.weights.h5");
    long root = LittleEndian.signedLong(MemorySegment.ofArray(bytes), ROOT);
    put(bytes, find(bytes, "SNOD") + 8 + 8, root);
    refused(bytes, "overlaps something else");
  }

  @Test
  void aTreeThatLeadsToItselfIsRefused() throws IOException {
    byte[] bytes = bytes("numbered.weights.h5");
    int tree = find(bytes, "TREE");
    put(bytes, tree + 32, tree);
    refused(bytes, "overlaps something else");
    bytes[tree + 5] = 1; // so that the child is a node of the tree and not a table
    refused(bytes, "overlaps something else");
  }

  @Test
  void aHeaderThatContinuesInItselfIsRefused() throws IOException {
    byte[] bytes = bytes("numbered.weights.h5");
    int root = (int) LittleEndian.signedLong(MemorySegment.ofArray(bytes), ROOT);
    bytes[root + 16] = 0x10; // the first message, which names the tree and the heap
    put(bytes, root + 24, root + 16);
    put(bytes, root + 32, 24);
    refused(bytes, "overlaps something else");
  }

  @Test
  void aHeapLargerThanTheFileIsRefused() throws IOException {
    byte[] bytes = bytes("numbered.weights.h5");
    put(bytes, find(bytes, "HEAP") + 8, Long.MAX_VALUE);
    refused(bytes, "damaged or incomplete");
  }

  @Test
  void aNameOutsideOfItsHeapIsRefused() throws IOException {
    byte[] bytes = bytes("numbered.weights.h5");
    put(bytes, find(bytes, "SNOD") + 8, 1L << 40);
    refused(bytes, "A name is to stand at byte");
  }

  @Test
  void aNewHeaderThatSaysTooMuchIsRefused() throws IOException {
    byte[] bytes = bytes("latest_hdf5.h5");
    int header = find(bytes, "OHDR");
    bytes[header + 5] |= 3; // its size now takes eight bytes
    refused(bytes, "The header of an object");
  }

  @Test
  void attributesInAFractalHeapAreRefusedWithAdvice() throws IOException {
    byte[] bytes = bytes("latest_hdf5.h5");
    int none = find(bytes,
        "\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff",
        find(bytes, "OHDR"));
    put(bytes, none, 48);
    refused(bytes, "fractal heap");
  }

  @Test
  void partsThatTouchDoNotOverlap() throws FormatException {
    Claims claims = new Claims(100);
    claims.claim(10, 20, "one");
    claims.claim(30, 70, "two");
    claims.claim(0, 10, "three");
    claims.claim(15, 0, "nothing");
    assertThatThrownBy(() -> claims.claim(29, 1, "four")).hasMessageContaining("four at byte 29");
    assertThatThrownBy(() -> claims.claim(0, 100, "five")).hasMessageContaining("overlaps");
    assertThatThrownBy(() -> claims.claim(100, 1, "six")).hasMessageContaining("incomplete");
    assertThatThrownBy(() -> claims.claim(Long.MAX_VALUE, Long.MAX_VALUE, "seven")).hasMessageContaining("incomplete");
  }

  @Test
  void nothingIsReadAgainAndAgain() throws FormatException {
    Claims claims = new Claims(100);
    claims.read(400);
    assertThatThrownBy(() -> claims.read(1)).isInstanceOf(FormatException.class)
        .hasMessageContaining("More than 4 times the HDF5 file's 100 bytes");
  }

  private static void refused(byte[] bytes, String message) {
    assertThatThrownBy(() -> HdfStructure.check(MemorySegment.ofArray(bytes))).isInstanceOf(FormatException.class)
        .hasMessageContaining(message);
  }

  private static byte[] bytes(String name) throws IOException {
    return Files.readAllBytes(KerasFiles.file(name));
  }

  private static void put(byte[] bytes, int at, long value) {
    ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).putLong(at, value);
  }

  private static int find(byte[] bytes, String text) {
    return find(bytes, text, 0);
  }

  private static int find(byte[] bytes, String text, int from) {
    int at = new String(bytes, StandardCharsets.ISO_8859_1).indexOf(text, from);
    assertThat(at).isPositive();
    return at;
  }
}
