package dev.carousel.formats.model;

import dev.carousel.Dense;
import dev.carousel.Directions;
import dev.carousel.Embedding;
import dev.carousel.FinalState;
import dev.carousel.Gru;
import dev.carousel.LastStep;
import dev.carousel.Layer;
import dev.carousel.Lstm;
import dev.carousel.Network;
import dev.carousel.Recurrent;
import dev.carousel.Rnn;
import dev.carousel.formats.data.Element;
import dev.carousel.spi.form.Activation;
import dev.carousel.spi.form.Slot;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.SplittableRandom;

/** Networks and signatures in which every field takes every kind of value, the same for the same seed. */
public final class RandomNetworks {
  private final SplittableRandom random;

  RandomNetworks(long seed) {
    random = new SplittableRandom(seed);
  }

  /** A network of up to seven layers. */
  public static Network network(long seed) {
    return new RandomNetworks(seed).network();
  }

  /** A signature of a network. */
  public static Signature signature(long seed, Network network) {
    return new RandomNetworks(seed).signature(network);
  }

  private Network network() {
    List<Layer> layers = new ArrayList<>();
    if (random.nextInt(3) == 0) {
      layers.add(new Embedding(size(), size()));
    }
    for (int i = random.nextInt(4); i >= 0; i--) {
      int inputs = layers.isEmpty() ? size() : layers.getLast().outputs();
      layers.add(random.nextInt(4) == 0 ? dense(inputs) : recurrent(inputs));
    }
    int width = layers.getLast().outputs();
    if (random.nextInt(3) == 0) {
      layers.add(new LastStep(width));
    } else if (layers.getLast() instanceof Recurrent && random.nextBoolean()) {
      layers.add(FinalState.of(width));
    }
    if (random.nextBoolean()) {
      layers.add(dense(width));
    }
    return Network.of(layers);
  }

  int size() {
    return 1 + random.nextInt(9);
  }

  Layer dense(int inputs) {
    return new Dense(inputs, size(), activation(), random.nextBoolean(), random.nextBoolean());
  }

  Layer recurrent(int inputs) {
    Directions directions = pick(Directions.values());
    float clip = random.nextBoolean() ? Float.POSITIVE_INFINITY : 0.1f + random.nextFloat();
    return switch (random.nextInt(3)) {
      case 0 -> new Rnn(inputs, size(), directions, activation(), activation(), clip, random.nextBoolean());
      case 1 -> new Lstm(inputs, size(), random.nextInt(4), directions, random.nextBoolean(), random.nextBoolean(),
          lstm(), lstm(), clip, random.nextBoolean());
      default -> new Gru(inputs, size(), random.nextBoolean(), directions, gru(), gru(), clip, random.nextBoolean());
    };
  }

  private Lstm.Activations lstm() {
    return random.nextBoolean()
        ? Lstm.Activations.USUAL
        : new Lstm.Activations(activation(), activation(), activation());
  }

  private Gru.Activations gru() {
    return random.nextBoolean() ? Gru.Activations.USUAL : new Gru.Activations(activation(), activation());
  }

  Activation activation() {
    Activation.Kind kind = pick(Activation.Kind.values());
    return switch (kind) {
      case LEAKY_RELU, THRESHOLDED_RELU, ELU -> new Activation(kind, constant(), zero());
      case AFFINE, SCALED_TANH, HARD_SIGMOID, CLIP -> kind.of(constant(), constant());
      case RELU, TANH, SIGMOID, SOFTSIGN, SOFTPLUS, GELU, GELU_TANH, SILU, ERF, EXP, LOG, SQRT, RECIPROCAL, ABS ->
        new Activation(kind, zero(), zero());
    };
  }

  private float zero() {
    return random.nextBoolean() ? 0f : -0f;
  }

  private float constant() {
    return random.nextInt(4) == 0 ? random.nextInt(3) - 1 : (random.nextFloat() - 0.5f) * (1 << random.nextInt(20));
  }

  private Signature signature(Network network) {
    boolean steps = random.nextInt(5) > 0;
    boolean batch = random.nextInt(5) > 0;
    List<Port> inputs = new ArrayList<>();
    for (Network.Input input : network.inputs()) {
      inputs.add(port(name("x", network.isList(), input.name()), Port.Content.ROWS, List.of(input.name()),
          steps && input.perStep(), batch, input.width()));
    }
    boolean stepped = inputs.stream().anyMatch(Port::hasSteps);
    List<Port> outputs = new ArrayList<>();
    for (Network.Output output : network.outputs()) {
      Network.Rows rows = network.rows(output.name());
      outputs.add(port(name("x", network.isList(), output.name()), Port.Content.RESULTS, List.of(output.name()),
          rows.perStep() && (stepped || rows.axis().steps(1) != 1), batch, rows.width()));
    }
    boolean lengths = random.nextInt(3) == 0;
    if (lengths) {
      inputs.add(port("ä \"quoted\"\n", Port.Content.LENGTHS, List.of(), false, batch, 1));
    }
    for (Slot state : network.lower().program().slots(Slot.Role.STATE)) {
      List<String> names = List.of(state.name());
      if (random.nextBoolean()) {
        inputs.add(port(pick("h ", "\uD83D\uDE00") + state.name(), Port.Content.STATES, names, false, batch,
            state.columns()));
      }
      if (random.nextBoolean()) {
        outputs.add(port(state.name(), Port.Content.STATES, names, false, batch, state.columns()));
      }
    }
    Collections.shuffle(inputs, new Random(random.nextLong()));
    float[] masks = {0, -10.5f, 1e-30f, Float.NaN, Float.NEGATIVE_INFINITY};
    return new Signature(inputs, outputs, pick(Padding.values()), lengths || random.nextBoolean()
        ? Optional.empty()
        : Optional.of(masks[random.nextInt(masks.length)]));
  }

  private static String name(String ofList, boolean list, String ofGraph) {
    return list ? ofList : ofGraph;
  }

  private Port port(String name, Port.Content content, List<String> states, boolean steps, boolean batch, int columns) {
    List<Axis> axes = new ArrayList<>();
    if (steps) {
      axes.add(pick(Axis.STEPS, Axis.REVERSED_STEPS));
    }
    if (batch) {
      axes.add(Axis.BATCH);
    }
    int inner = columns % 2 == 0 && random.nextBoolean() ? 2 : columns;
    axes.add(Axis.columns(inner));
    if (inner < columns || random.nextInt(4) == 0) {
      axes.add(Axis.columns(columns / inner, inner));
    }
    Collections.shuffle(axes, new Random(random.nextLong()));
    Element element = content == Port.Content.LENGTHS ? pick(Element.I32, Element.I64)
        : content == Port.Content.ROWS ? pick(Element.values())
            : pick(Element.F32, Element.F64, Element.F16, Element.BF16);
    return new Port(name, content, states, element, axes);
  }

  @SafeVarargs
  @SuppressWarnings("varargs") // handed on, and only read
  private <T> T pick(T... values) {
    return pick(random, values);
  }

  @SafeVarargs
  static <T> T pick(SplittableRandom random, T... values) {
    return values[random.nextInt(values.length)];
  }
}
