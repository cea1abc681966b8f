package dev.carousel.formats.run;

import static dev.carousel.spi.form.Axis.RUN;

import dev.carousel.Model;
import dev.carousel.Network;
import dev.carousel.Predictor;
import dev.carousel.States;
import dev.carousel.formats.model.Axis;
import dev.carousel.formats.model.Padding;
import dev.carousel.formats.model.Port;
import dev.carousel.formats.model.SavedModel;
import dev.carousel.spi.Order;
import dev.carousel.spi.form.Check;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A model opened for many calls, in the layout of its author: what a service keeps. It belongs to one thread at a time.
 *
 * <p>{@link #run} starts every sequence from the states that are given, or from zero; {@link #advance} goes on from the
 * states that an earlier call left, so that a caller's sequences may come in parts. Arrays go in and out by the names of the
 * model's ports, of the port's own element, the last dimension closest together. Where they lie as a {@link Predictor} takes
 * and gives them, which batches of either order do, they are handed on; others are turned on the way. A call of a shape
 * that the one before had allocates nothing.
 */
public final class ModelRunner implements AutoCloseable {
  private final SavedModel model;
  private final Predictor predictor;
  private final int maxSteps;
  private final boolean stepped; // whether its arrays have steps
  private final boolean batched;
  private final boolean plain; // whether it takes and gives one array, which a predictor takes and gives as it is
  private final Bound[] inputs; // as the signature has them
  private final Bound[] outputs;
  private final Intake[] intakes;
  private final Outlet[] outlets;
  private final StatePart[] given;
  private final StatePart[] wanted;
  private final @Nullable Bound[] present; // of the inputs and the outputs in a call
  private final @Nullable Bound[] asked;
  private final Map<String, MemorySegment> data = new LinkedHashMap<>();
  private final Map<String, MemorySegment> results = new LinkedHashMap<>();
  private final Pass pass = new Pass();
  private int[] lengths = new int[0];

  private ModelRunner(SavedModel model, Model compiled, int maxSteps, int maxBatch) {
    this.model = model;
    this.maxSteps = maxSteps;
    Network network = model.network();
    Order order = order(model);
    stepped = model.signature().inputs().stream().anyMatch(Port::hasSteps);
    batched = model.signature().rows().hasBatch();
    predictor = compiled.newPredictor(maxSteps, maxBatch, order);
    try {
      inputs = model.signature().inputs().stream().map(port -> new Bound(port, RUN))
          .toArray(Bound[]::new);
      outputs = model.signature().outputs().stream().map(port -> output(model, port)).toArray(Bound[]::new);
      present = new Bound[inputs.length];
      asked = new Bound[outputs.length];
      intakes = parts(inputs, Port.Content.ROWS, (name, port, column) -> new Intake(network, new Lane(name,
          network.rows(name), order, maxSteps, maxBatch), port, column)).toArray(new Intake[0]);
      Map<String, Lane> lanes = new HashMap<>();
      outlets = parts(outputs, Port.Content.RESULTS, (name, port, column) -> new Outlet(lanes.computeIfAbsent(name,
          _ -> new Lane(name, network.rows(name), order, maxSteps, maxBatch)), held(name) == 1, port, column,
          model.signature().padding(), EmptyRow.of(model, name), maxBatch)).toArray(new Outlet[0]);
      Part<StatePart> state = (name, port, column) -> new StatePart(name, port, column, predictor.states().width(name),
          maxBatch);
      given = parts(inputs, Port.Content.STATES, state).toArray(new StatePart[0]);
      wanted = parts(outputs, Port.Content.STATES, state).toArray(new StatePart[0]);
      plain = inputs.length == 1 && outputs.length == 1 && intakes.length == 1 && outlets.length == 1
          && intakes[0].isPlain(inputs[0].port()) && outlets[0].isPlain(outputs[0].port())
          && model.signature().mask().isEmpty();
    } catch (RuntimeException | Error failure) {
      predictor.close();
      throw failure;
    }
  }

  /** A place for arrays of an output. */
  static Bound output(SavedModel model, Port port) {
    return new Bound(port, port.hasSteps() ? model.network().rows(port.parts().getFirst()).axis()
        : RUN);
  }

  /** How often ports hold an output of the network. */
  private long held(String output) {
    return model.signature().outputs().stream().filter(port -> port.content() == Port.Content.RESULTS)
        .flatMap(port -> port.parts().stream()).filter(output::equals).count();
  }

  /** What is made of a part of a port. */
  private interface Part<T> {
    T of(String name, int port, int column);
  }

  private <T> List<T> parts(Bound[] ports, Port.Content content, Part<T> each) {
    List<T> parts = new ArrayList<>();
    for (int port = 0; port < ports.length; port++) {
      int column = 0;
      if (ports[port].port().content() == content) {
        for (String name : ports[port].port().parts()) {
          parts.add(each.of(name, port, column));
          column += content == Port.Content.STATES ? predictor.states().width(name)
              : model.network().rows(name).width();
        }
      }
    }
    return parts;
  }

  /** The order of most of the rows that have steps. */
  private static Order order(SavedModel model) {
    int first = 0;
    List<Port> ports = new ArrayList<>(model.signature().inputs());
    ports.addAll(model.signature().outputs());
    for (Port port : ports) {
      int batch = port.axes().indexOf(Axis.BATCH);
      int steps = port.axes().indexOf(Axis.STEPS);
      if (batch >= 0 && steps >= 0) {
        first += batch < steps ? 1 : -1;
      }
    }
    return first > 0 ? Order.BATCH_MAJOR : Order.TIME_MAJOR;
  }

  /**
   * Opens a model for calls of up to so many steps of so many sequences.
   *
   * @param compiled the model's network with its weights, on the device that is to run it; it is not closed with this
   */
  public static ModelRunner open(SavedModel model, Model compiled, int maxSteps, int maxBatch) {
    return new ModelRunner(model, compiled, maxSteps, maxBatch);
  }

  /**
   * Runs sequences from their beginning.
   *
   * @param arrays for each input, by its name, what it takes; states may be left out, and are then 0
   * @param valid the steps of each sequence that are valid, for a model that has no input for them; null for all
   * @param targets for each output that is wanted, by its name, room for it
   */
  public void run(Map<String, MemorySegment> arrays, int steps, int batch, int @Nullable [] valid,
      Map<String, MemorySegment> targets) {
    call(true, arrays, steps, batch, valid, targets);
  }

  /** Runs sequences on from the states that the last call left, or that are given here. */
  public void advance(Map<String, MemorySegment> arrays, int steps, int batch, int @Nullable [] valid,
      Map<String, MemorySegment> targets) {
    call(false, arrays, steps, batch, valid, targets);
  }

  /** Runs sequences from their beginning, of a model that takes and gives one array of floats. */
  public void run(float[] array, int steps, int batch, int @Nullable [] valid, float[] target) {
    call(true, array, steps, batch, valid, target);
  }

  /** Runs sequences on, of a model that takes and gives one array of floats. */
  public void advance(float[] array, int steps, int batch, int @Nullable [] valid, float[] target) {
    call(false, array, steps, batch, valid, target);
  }

  private void call(boolean fresh, float[] array, int steps, int batch, int @Nullable [] valid, float[] target) {
    if (!plain || (valid != null && model.signature().padding() != Padding.ZERO)) {
      call(fresh, Map.of(model.signature().rows().name(), MemorySegment.ofArray(array)), steps, batch, valid,
          Map.of(outputs[0].port().name(), MemorySegment.ofArray(target)));
    } else if (fresh) {
      predictor.predict(array, steps, batch, valid, target);
    } else {
      predictor.advance(array, steps, batch, valid, target);
    }
  }

  /** The states that it carries, in our order. */
  public States states() {
    return predictor.states();
  }

  /** The bytes of an input's or an output's array in a call of so many steps and sequences. */
  public long bytes(String port, int steps, int batch) {
    for (Bound input : inputs) {
      if (input.port().name().equals(port)) {
        return input.bytes(steps, batch);
      }
    }
    for (Bound output : outputs) {
      if (output.port().name().equals(port)) {
        return output.bytes(steps, batch);
      }
    }
    throw Check.refusal("The port %s was asked for, and this model takes %s and gives %s.", port, names(inputs),
        names(outputs));
  }

  private static List<String> names(Bound[] ports) {
    List<String> names = new ArrayList<>();
    for (Bound port : ports) {
      names.add(port.port().name());
    }
    return names;
  }

  private void call(boolean fresh, Map<String, MemorySegment> arrays, int steps, int batch, int @Nullable [] valid,
      Map<String, MemorySegment> targets) {
    check(steps, batch);
    int found = 0;
    Bound lengthsGiven = null;
    for (int i = 0; i < inputs.length; i++) {
      Port port = inputs[i].port();
      present[i] = bind("Input", inputs[i], arrays.get(port.name()), steps, batch);
      found += present[i] == null ? 0 : 1;
      if (port.content() == Port.Content.LENGTHS && present[i] != null) {
        lengthsGiven = inputs[i];
      } else if (present[i] == null && (port.content() == Port.Content.ROWS || valid == null)
          && port.content() != Port.Content.STATES) {
        throw Check.refusal("The input %s, %s, is missing.", port.name(), port.dimensions());
      }
    }
    int asks = 0;
    for (int i = 0; i < outputs.length; i++) {
      Port port = outputs[i].port();
      asked[i] = bind("Output", outputs[i], targets.get(port.name()), steps, batch);
      asks += asked[i] == null ? 0 : 1;
    }
    if (found != arrays.size() || asks != targets.size()) {
      throw Check.refusal("Inputs %s and outputs %s were given, and this model takes %s and gives %s.", arrays.keySet(),
          targets.keySet(), names(inputs), names(outputs));
    }
    pass.sequences(0, batch, steps, valid(lengthsGiven, steps, batch, valid));
    boolean stated = false;
    for (StatePart state : given) {
      stated |= present[state.port()] != null;
    }
    if (stated && fresh) {
      begin(present, pass);
    } else {
      write(present, pass);
    }
    run(fresh && !stated, present, asked, pass);
  }

  private void check(int steps, int batch) {
    if (steps < 1 || steps > maxSteps || (steps > 1 && !stepped) || batch < 1 || batch > maxBatch()
        || (batch > 1 && !batched)) {
      throw Check.refusal("%d steps of %d sequences were given, and this takes 1 to %d of 1 to %d. Open the model for"
          + " more, or give them in parts.", steps, batch, stepped ? maxSteps : 1, batched ? maxBatch() : 1);
    }
  }

  private static @Nullable Bound bind(String what, Bound bound, @Nullable MemorySegment array, int steps, int batch) {
    if (array == null) {
      return null;
    }
    if (array.byteSize() != bound.bytes(steps, batch)) {
      Port port = bound.port();
      throw Check.refusal(
          "%s %s of %d bytes was given; %s of %s with %d steps and %d sequences has %d. Give just those.",
          what, port.name(), array.byteSize(), port.element(), port.dimensions(), steps, batch,
          bound.bytes(steps, batch));
    }
    bound.bind(array, steps, batch);
    return bound;
  }

  /** The valid steps of each sequence, by an input of lengths, by the caller, or by the mask; null for all. */
  private int @Nullable [] valid(@Nullable Bound by, int steps, int batch, int @Nullable [] valid) {
    if (valid != null && (by != null || model.signature().mask().isPresent())) {
      throw Check.refusal("Lengths were given, and this model has %s.",
          by != null ? "an input of them" : "a mask for them");
    }
    if (by == null && model.signature().mask().isEmpty()) {
      return valid;
    }
    if (lengths.length != batch) {
      lengths = new int[batch];
    }
    if (by != null) {
      for (int i = 0; i < batch; i++) {
        lengths[i] = Extents.checked(i, by.whole(i), steps);
      }
      return lengths;
    }
    Bound rows = inputs[model.signature().inputs().indexOf(model.signature().rows())];
    return new Extents(rows, steps, batch, null, model.signature().mask()).lengths(0, batch);
  }

  /** Turns to sequences from their beginning, with the states that were given. */
  void begin(@Nullable Bound[] arrays, Pass now) {
    predictor.states().reset();
    write(arrays, now);
  }

  private void write(@Nullable Bound[] arrays, Pass now) {
    for (StatePart state : given) {
      Bound bound = arrays[state.port()];
      if (bound != null) {
        state.write(predictor.states(), bound, now);
      }
    }
  }

  /** Runs a pass, from states of 0 or from those that are there; with the last of the steps go the states. */
  void run(boolean fresh, @Nullable Bound[] arrays, @Nullable Bound[] targets, Pass now) {
    int[] valid = now.valid();
    for (Intake intake : intakes) {
      Bound bound = arrays[intake.port()];
      if (bound != null) {
        data.put(intake.name(), intake.take(bound, now, valid));
      }
    }
    for (Outlet outlet : outlets) {
      if (targets[outlet.port()] == null) {
        results.remove(outlet.name()); // unless another port has it, too
      }
    }
    for (Outlet outlet : outlets) {
      Bound bound = targets[outlet.port()];
      if (bound != null) {
        results.put(outlet.name(), outlet.place(bound, now));
      }
    }
    if (fresh) {
      predictor.predict(data, now.steps(), now.count(), valid, results);
    } else {
      predictor.advance(data, now.steps(), now.count(), valid, results);
    }
    for (Outlet outlet : outlets) {
      Bound bound = targets[outlet.port()];
      if (bound != null) {
        outlet.give(bound, now);
      }
    }
    for (StatePart state : wanted) {
      Bound bound = targets[state.port()];
      if (bound != null && now.last()) {
        state.read(predictor.states(), bound, now, model.signature().padding() != Padding.ZERO);
      }
    }
  }

  /** How many steps it takes at once. */
  public int maxSteps() {
    return maxSteps;
  }

  /** How many sequences it takes at once. */
  public int maxBatch() {
    return predictor.maxBatch();
  }

  /** Frees its memory; harmless the second time. */
  @Override
  public void close() {
    predictor.close();
  }
}
