package dev.carousel.formats.data;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/** The inflating of deflated bytes into memory of the size that they are to have. */
final class Inflation {
  private static final long BUFFER = 1L << 30; // a buffer ends at 2 GiB

  private final MemorySegment target;
  private final String what;
  private long in;
  private long out;

  private Inflation(MemorySegment target, String what) {
    this.target = target;
    this.what = what;
  }

  /** Inflates all; what does not take just these bytes and give just as many as there is room for is refused. */
  static void inflate(MemorySegment packed, MemorySegment target, String what) throws IOException {
    Inflation inflation = new Inflation(target, what);
    try (Inflater inflater = new Inflater(true)) {
      Chunks.each(packed, chunk -> inflation.take(inflater, chunk));
      FormatException.check(inflater.finished(), "%s does not inflate to just %d bytes. The file is damaged.", what,
          target.byteSize());
      FormatException.check(inflation.in == packed.byteSize() && inflation.out == target.byteSize(),
          "%s inflates from %d bytes to %d, and is to from %d to %d. The file is damaged.", what, inflation.in,
          inflation.out, packed.byteSize(), target.byteSize());
    }
  }

  /** Inflates a piece until nothing moves any more: it is used up, or the end or the end of the room is reached. */
  private void take(Inflater inflater, ByteBuffer piece) throws FormatException {
    inflater.setInput(piece);
    try {
      boolean moving = true;
      while (moving && !inflater.finished()) {
        int before = piece.position();
        int made = inflater.inflate(room());
        in += piece.position() - before;
        out += made;
        moving = made > 0 || piece.position() > before;
      }
    } catch (DataFormatException wrong) {
      throw new FormatException(what + " does not inflate: " + wrong.getMessage() + ". The file is damaged.", wrong);
    }
  }

  private ByteBuffer room() {
    return target.asSlice(out, Math.min(BUFFER, target.byteSize() - out)).asByteBuffer();
  }
}
