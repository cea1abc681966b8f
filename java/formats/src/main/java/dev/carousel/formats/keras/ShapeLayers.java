package dev.carousel.formats.keras;

import dev.carousel.Repeat;
import dev.carousel.formats.data.FormatException;
import dev.carousel.formats.json.Json;
import dev.carousel.formats.keras.Signal.Form;
import dev.carousel.spi.form.Axis;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/** Layers that lay rows out in another way, of which those are run that move a dimension of one element, or steps that are repeated. */
record ShapeLayers(LayerCall call) {

  /** All dimensions but that of the batch as one. */
  Signal flatten() throws FormatException {
    Signal in = read();
    return switch (in.form()) {
      case ROW, SINGLE, COLUMN -> in.form(Form.ROW);
      case SCORES -> in;
      case SEQUENCE -> in.width() == 1 ? in.form(Form.SCORES) : call.flattened(call.name(), in);
      case SPREAD, TURNED -> throw call.layer().refusal("puts the elements of %s side by side", in.form());
    };
  }

  /** What it reads, whose mask would be lost. */
  private Signal read() throws FormatException {
    Signal in = call.read();
    call.layer().check(!in.masked(), "knows no masks and would take masked steps for valid ones. Mask nothing");
    return in;
  }

  /** A row at each of so many steps, or a row of scores so many times. */
  Signal repeat() throws FormatException {
    Signal in = read();
    int times = call.config().size("n");
    if (in.form() == Form.SCORES) {
      return in.form(Form.TURNED).width(times);
    }
    call.layer().check(in.form() == Form.ROW && !in.indices(), "repeats a row, and is given %s", in.form());
    String node = call.node("repeat", Repeat.of(in.width()).steps(times), Map.of(), in);
    return Signal.steps(node, in.width(), new Axis.Fixed(times));
  }

  /** The two dimensions behind the batch, the one for the other. */
  Signal permute() throws FormatException {
    Signal in = read();
    List<Long> order = new ArrayList<>();
    for (Json dimension : call.config().config().get("dims").items()) {
      order.add(dimension.whole());
    }
    if (order.equals(List.of(1L, 2L)) || order.equals(List.of(1L))) {
      return in;
    }
    call.layer().check(order.equals(List.of(2L, 1L)), "puts the dimensions of %s in the order %s", in.form(), order);
    return switch (in.form()) {
      case TURNED -> in.width() == 1 ? in.form(Form.SEQUENCE) : in.form(Form.SPREAD);
      case SPREAD -> in.form(Form.TURNED);
      case SINGLE -> in.form(Form.COLUMN);
      case COLUMN -> in.form(Form.SINGLE);
      case SEQUENCE -> {
        call.layer().check(in.width() == 1, "makes steps of the %d features of %s, and features of its steps",
            in.width(),
            in.form());
        yield in.form(Form.TURNED);
      }
      case ROW, SCORES -> throw call.layer().refusal("is to exchange two dimensions of %s", in.form());
    };
  }

  /** The same elements in another shape. */
  Signal reshape() throws FormatException {
    Signal in = read();
    List<Long> target = new ArrayList<>();
    for (Json size : call.config().config().get("target_shape").items()) {
      target.add(size.whole());
    }
    if (target.size() == 1) {
      return flatten();
    }
    call.layer().check(target.size() == 2, "makes %s of %s, of more dimensions than are run", target, in.form());
    long steps = target.getFirst();
    long width = target.getLast();
    if (in.form().perStep()) {
      return perStep(in, steps, width);
    }
    call.layer().check(in.form() != Form.COLUMN || width == 1 || steps == 1, "makes %s of %s", target, in.form());
    if (fits(steps, 1, in.width()) && fits(width, in.width(), 1)) {
      return in.form(Form.SINGLE);
    }
    call.layer().check(fits(width, 1, in.width()) && fits(steps, in.width(), 1) && in.form() != Form.SINGLE,
        "makes %s of %s, whose features would have to become steps", target, in.form());
    return in.form(Form.COLUMN);
  }

  private Signal perStep(Signal in, long steps, long width) throws FormatException {
    OptionalInt known = call.graph().steps(in.axis());
    boolean one = in.form() == Form.SCORES || (in.form() == Form.SEQUENCE && in.width() == 1)
        || (in.form() == Form.TURNED && in.width() == 1);
    boolean same = width == in.width() || (width < 0 && known.isPresent() && known.getAsInt() == steps);
    boolean all = steps < 0 || (known.isPresent() && known.getAsInt() == steps);
    if (same && all && (in.form() == Form.SEQUENCE || one)) {
      return in.form(Form.SEQUENCE);
    }
    call.layer().check(one && steps == 1 && (width < 0 || (known.isPresent() && known.getAsInt() == width)),
        "makes [%d, %d] of %s, and only a dimension of one element may be moved", steps, width, in.form());
    return in.form(Form.TURNED);
  }

  private static boolean fits(long size, long wanted, long other) {
    return size == wanted || (size < 0 && other > 0);
  }
}
