package dev.carousel.formats.model;

import dev.carousel.Columns;
import dev.carousel.Concat;
import dev.carousel.Conv;
import dev.carousel.Directions;
import dev.carousel.Elementwise;
import dev.carousel.Embedding;
import dev.carousel.FinalState;
import dev.carousel.Flatten;
import dev.carousel.Gru;
import dev.carousel.LastStep;
import dev.carousel.Layer;
import dev.carousel.LayerNorm;
import dev.carousel.Lstm;
import dev.carousel.Merge;
import dev.carousel.Network;
import dev.carousel.Network.Input;
import dev.carousel.Network.Node;
import dev.carousel.Network.Output;
import dev.carousel.Network.Rows;
import dev.carousel.Noise;
import dev.carousel.Pool;
import dev.carousel.Recurrent;
import dev.carousel.Repeat;
import dev.carousel.Scale;
import dev.carousel.Softmax;
import dev.carousel.SoftmaxSteps;
import dev.carousel.WeightedSum;
import dev.carousel.WindowPool;
import dev.carousel.spi.form.AcrossSteps;
import dev.carousel.spi.form.Axis;
import dev.carousel.spi.form.Mapping;
import dev.carousel.spi.form.Window;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;

/** Networks of named nodes, of every layer, the same for the same seed; eight steps are enough for all of their windows. */
public final class RandomGraphs {
  private static final int STEPS = 8;
  private static final String[] NAMES = {"x", "ä ", "a\"b", "\uD83D\uDE00", "0", "node/7", "output", "input"};

  private final SplittableRandom random;
  private final RandomNetworks fields;
  private final List<Input> inputs = new ArrayList<>();
  private final List<Node> nodes = new ArrayList<>();
  private final Map<String, Rows> rows = new LinkedHashMap<>();

  private RandomGraphs(long seed) {
    random = new SplittableRandom(seed);
    fields = new RandomNetworks(seed);
  }

  /** A network of up to ten nodes. */
  public static Network network(long seed) {
    return new RandomGraphs(seed).network();
  }

  private Network network() {
    for (int i = random.nextInt(3); i >= 0; i--) {
      boolean indices = random.nextInt(3) == 0;
      inputs.add(new Input(name(), indices ? 1 + random.nextInt(2) : fields.size(), random.nextInt(4) > 0, indices));
      Input input = inputs.getLast();
      rows.put(input.name(), new Rows(input.width(), input.perStep(), Axis.RUN, input.indices()));
    }
    for (Input input : inputs) {
      grow(input.name());
    }
    for (int i = random.nextInt(7); i > 0; i--) {
      grow(any());
    }
    Set<String> read = new HashSet<>();
    nodes.forEach(node -> read.addAll(node.reads()));
    List<Output> outputs = new ArrayList<>();
    for (Map.Entry<String, Rows> one : rows.entrySet()) {
      boolean needed = !read.contains(one.getKey());
      if (!one.getValue().indices() && (needed || random.nextInt(4) == 0)) {
        boolean node = inputs.stream().noneMatch(input -> input.name().equals(one.getKey()));
        outputs.add(new Output(node && random.nextBoolean() ? one.getKey() : "out " + outputs.size(), one.getKey()));
      }
    }
    return new Network(inputs, nodes, outputs);
  }

  private String name() {
    String name = NAMES[random.nextInt(NAMES.length)];
    return rows.containsKey(name) ? name + rows.size() : name;
  }

  private String any() {
    return rows.keySet().stream().skip(random.nextInt(rows.size())).findFirst().orElseThrow();
  }

  /** Adds a node that reads this. */
  private void grow(String read) {
    Rows first = rows(read);
    int width = first.width();
    if (first.indices()) {
      String index = width > 1 ? add(Columns.of(width, random.nextInt(width), 1), read) : read;
      add(Embedding.of(1 + random.nextInt(20), fields.size()), index);
      return;
    }
    int kind = random.nextInt(first.perStep() ? 18 : 10);
    switch (kind) {
      case 0 -> add(fields.dense(width), read);
      case 1 -> add(Elementwise.of(width, fields.activation()), read);
      case 2 -> add(new Softmax(width, random.nextBoolean()), read);
      case 3 -> add(random.nextBoolean() ? Scale.of(width)
          : random.nextBoolean() ? Scale.of(width).withoutScale() : Scale.of(width).withoutShift(), read);
      case 4 -> add(new LayerNorm(width, random.nextBoolean() ? 1e-5f : random.nextFloat(), random.nextBoolean(),
          random.nextBoolean()), read);
      case 5 -> add(Columns.of(width, 0, 1 + random.nextInt(width)), read);
      case 6 -> add(new Noise(RandomNetworks.pick(random, Noise.Kind.values()), width, random.nextFloat()), read);
      case 7 -> join(read, first);
      case 8 -> merge(read, first);
      case 9 -> {
        if (first.perStep()) {
          recurrent(read, first);
        } else {
          add(Repeat.of(width).steps(random.nextInt(3)), read);
        }
      }
      case 10 -> recurrent(read, first);
      case 11 -> add(LastStep.of(width), read);
      case 12 -> add(new Pool(RandomNetworks.pick(random, AcrossSteps.Pool.Rule.values()), width), read);
      case 13 -> attention(read, width);
      case 14 -> add(Flatten.of(width, 30), read);
      case 15 -> windowPool(read, first);
      default -> conv(read, first);
    }
  }

  private void recurrent(String read, Rows first) {
    Recurrent layer = (Recurrent) fields.recurrent(first.width());
    String name = add(layer, read);
    if (random.nextBoolean()) {
      add(FinalState.of(layer.outputs()), name);
    }
    if (layer.directions() == Directions.FORWARD && !(layer instanceof Lstm) && random.nextBoolean()) {
      String state = add(LastStep.of(layer.outputs()), name);
      add(Gru.of(first.width(), layer.outputs()), read, state);
    }
    if (layer instanceof Lstm lstm && random.nextBoolean()) {
      int directions = lstm.directions().bidirectional() ? 2 : 1;
      add(FinalState.of(lstm.hidden() * directions).ofCell(), name);
    }
  }

  private void attention(String read, int width) {
    String scores = add(fields.dense(width), read);
    String weights = add(SoftmaxSteps.of(rows(scores).width()), scores);
    add(new WeightedSum(width, rows(weights).width()), read, weights);
  }

  private void join(String read, Rows first) {
    List<String> reads = new ArrayList<>(List.of(read));
    for (Map.Entry<String, Rows> other : rows.entrySet()) {
      if (!other.getValue().indices() && alike(first, other.getValue()) && random.nextBoolean()) {
        reads.add(other.getKey());
      }
    }
    add(new Concat(reads.stream().map(one -> rows(one).width()).toList()), reads.toArray(String[]::new));
  }

  private void merge(String read, Rows first) {
    String other = rows.keySet().stream().filter(one -> !rows(one).indices() && alike(first, rows(one))
        && (rows(one).width() == first.width() || rows(one).width() == 1)).toList().getLast();
    add(Merge.of(RandomNetworks.pick(random, Mapping.Combine.Rule.values()), first.width()), read, other);
  }

  private static boolean alike(Rows first, Rows other) {
    return other.perStep() == first.perStep() && other.axis().equals(first.axis());
  }

  private void conv(String read, Rows first) {
    Window window = window(first);
    int groups = first.width() % 2 == 0 && random.nextBoolean() ? 2 : 1;
    add(new Conv(first.width(), groups * fields.size(), window, groups, fields.activation(), random.nextBoolean()),
        read);
  }

  private void windowPool(String read, Rows first) {
    boolean mean = random.nextBoolean();
    Window window = window(first);
    boolean within = window.before() < window.reach() && window.after() < window.reach();
    add(new WindowPool(mean ? AcrossSteps.Pool.Rule.MEAN : AcrossSteps.Pool.Rule.MAX, first.width(),
        within ? window : window.padding(0, 0), mean && random.nextBoolean()), read);
  }

  /** A window of which there is one in eight steps of a run at least. */
  private Window window(Rows over) {
    int most = over.axis().steps(STEPS);
    Window window = Window.of(1 + random.nextInt(Math.min(3, most))).stride(1 + random.nextInt(2));
    if (window.reach() * 2 <= most) {
      window = window.dilation(1 + random.nextInt(2));
    }
    return switch (random.nextInt(4)) {
      case 0 -> window.padSame();
      case 1 -> window.causal();
      case 2 -> window.padding(random.nextInt(3), random.nextInt(3));
      default -> window;
    };
  }

  private Rows rows(String name) {
    return java.util.Objects.requireNonNull(rows.get(name));
  }

  private String add(Layer layer, String... reads) {
    String name = name();
    nodes.add(Node.of(name, layer, reads));
    Rows first = rows(reads[0]);
    rows.put(name, switch (layer) {
      case LastStep _,FinalState _,Pool _,Flatten _,WeightedSum _ -> new Rows(layer.outputs(), false, Axis.RUN, false);
      case Conv conv -> new Rows(layer.outputs(), true, conv.window().over(first.axis()), false);
      case WindowPool pool -> new Rows(layer.outputs(), true, pool.window().over(first.axis()), false);
      case Repeat repeat -> new Rows(layer.outputs(), true,
          repeat.steps() == 0 ? Axis.RUN : new Axis.Fixed(repeat.steps()), false);
      case Columns columns -> new Rows(columns.outputs(), first.perStep(), first.axis(), first.indices());
      default -> new Rows(layer.outputs(), first.perStep(), first.axis(), false);
    });
    return name;
  }
}
