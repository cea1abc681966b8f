package dev.carousel.formats;

import dev.carousel.formats.model.SavedModel;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** How the bytes of a model are handed in, which is then to be the caller's again. */
enum Way {
  HEAP {
    @Override
    SavedModel read(byte[] model, String name) throws IOException {
      byte[] bytes = model.clone();
      try {
        return ModelFiles.read(MemorySegment.ofArray(bytes), name);
      } finally {
        MemorySegment.ofArray(bytes).fill(GARBAGE);
      }
    }
  },
  HEAP_OF_LONGS {
    @Override
    SavedModel read(byte[] model, String name) throws IOException {
      MemorySegment longs = MemorySegment.ofArray(new long[model.length / Long.BYTES + 2]);
      try {
        MemorySegment bytes = longs.asSlice(3, model.length).copyFrom(MemorySegment.ofArray(model));
        return ModelFiles.read(bytes.asReadOnly(), name);
      } finally {
        longs.fill(GARBAGE);
      }
    }
  },
  NATIVE {
    @Override
    SavedModel read(byte[] model, String name) throws IOException {
      try (Arena arena = Arena.ofConfined()) {
        return ModelFiles.read(arena.allocateFrom(ValueLayout.JAVA_BYTE, model), name);
      }
    }
  },
  READ_ONLY_AT_AN_ODD_ADDRESS {
    @Override
    SavedModel read(byte[] model, String name) throws IOException {
      try (Arena arena = Arena.ofShared()) {
        MemorySegment odd = arena.allocate(model.length + 8L, 8).asSlice(1, model.length);
        return ModelFiles.read(odd.copyFrom(MemorySegment.ofArray(model)).asReadOnly(), name);
      }
    }
  },
  STREAM {
    @Override
    SavedModel read(byte[] model, String name) throws IOException {
      return ModelFiles.read(new ByteArrayInputStream(model), name);
    }
  },
  DRIPPING_STREAM {
    @Override
    SavedModel read(byte[] model, String name) throws IOException {
      return ModelFiles.read(new InputStream() {
        private int at;

        @Override
        public int read() {
          return at < model.length ? Byte.toUnsignedInt(model[at++]) : -1;
        }

        @Override
        public int read(byte[] target, int from, int most) {
          int count = Math.min(Math.min(most, 1 + at % 1000), model.length - at);
          System.arraycopy(model, at, target, from, count);
          at += count;
          return count == 0 && most > 0 ? -1 : count;
        }
      }, name);
    }
  };

  private static final byte GARBAGE = 0x5a;

  abstract SavedModel read(byte[] model, String name) throws IOException;
}
