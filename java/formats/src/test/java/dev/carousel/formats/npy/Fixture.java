package dev.carousel.formats.npy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carousel.formats.data.NdArray;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.Objects;

/** What make_arrays.py wrote. */
final class Fixture {
  private Fixture() {}

  static Path file(String name) {
    try {
      return Path.of(Objects.requireNonNull(Fixture.class.getResource(name), name).toURI());
    } catch (URISyntaxException impossible) {
      throw new AssertionError(impossible);
    }
  }

  /** Its numbers are those that the script names. */
  static void checkNumbers(NdArray array) {
    for (long i = 0; i < array.count(); i++) {
      if (array.element().integer()) {
        assertThat(array.getLong(i)).as("%s at %d", array, i).isEqualTo(i - 5);
      } else {
        assertThat(array.getFloat(i)).as("%s at %d", array, i).isEqualTo((i - 5) / 4f);
      }
    }
  }
}
