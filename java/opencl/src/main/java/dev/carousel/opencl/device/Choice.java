package dev.carousel.opencl.device;

import dev.carousel.opencl.driver.OpenClDevice.Kind;
import java.util.List;

/** A field of a profile that may be chosen for a device; the order is that in which it is best done. */
public enum Choice {
  LANES("lanes"), TILE_ROWS("tileRows"), HOIST_ROWS("hoistRows"), GROUP("group"), CARRIED("carried"), WHOLE_BYTES(
      "wholeBytes");

  private final String field;

  Choice(String field) {
    this.field = field;
  }

  /** The name of the field. */
  public String field() {
    return field;
  }

  /** The values that are worth a try on a kind of device; none where the field means nothing to it. */
  public List<Long> values(Kind kind) {
    if (kind == Kind.CPU) {
      return switch (this) {
        case LANES -> List.of(4L, 8L, 16L);
        case TILE_ROWS -> List.of(2L, 3L, 4L, 6L);
        case HOIST_ROWS -> List.of(1L, 2L, 4L, 8L);
        case WHOLE_BYTES -> List.of(0L, 8L << 20, 32L << 20, 128L << 20);
        case GROUP, CARRIED -> List.of();
      };
    }
    return switch (this) {
      case GROUP -> List.of(32L, 64L, 128L, 256L);
      case CARRIED -> List.of(1L, 2L, 4L, 8L);
      case WHOLE_BYTES -> List.of(0L, 256L << 10, 1L << 20, 4L << 20);
      case LANES, TILE_ROWS, HOIST_ROWS -> List.of();
    };
  }

  /** What a profile says. */
  public long of(Profile profile) {
    return switch (this) {
      case LANES -> profile.lanes();
      case TILE_ROWS -> profile.tileRows();
      case HOIST_ROWS -> profile.hoistRows();
      case GROUP -> profile.group();
      case CARRIED -> profile.carried();
      case WHOLE_BYTES -> profile.wholeBytes();
    };
  }

  /** A profile that says something else, and is the same otherwise. */
  public Profile with(Profile profile, long value) {
    return new Profile(profile.kind(), number(LANES, profile, value), number(TILE_ROWS, profile, value),
        profile.fused(), this == WHOLE_BYTES ? value : profile.wholeBytes(), number(HOIST_ROWS, profile, value),
        number(GROUP, profile, value), number(CARRIED, profile, value), profile.shared());
  }

  private int number(Choice choice, Profile profile, long value) {
    return Math.toIntExact(this == choice ? value : choice.of(profile));
  }
}
