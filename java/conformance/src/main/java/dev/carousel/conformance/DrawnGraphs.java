package dev.carousel.conformance;

import dev.carousel.Columns;
import dev.carousel.Concat;
import dev.carousel.Conv;
import dev.carousel.Dense;
import dev.carousel.Directions;
import dev.carousel.Elementwise;
import dev.carousel.Embedding;
import dev.carousel.FinalState;
import dev.carousel.Flatten;
import dev.carousel.LastStep;
import dev.carousel.Layer;
import dev.carousel.LayerNorm;
import dev.carousel.Lstm;
import dev.carousel.Merge;
import dev.carousel.Network;
import dev.carousel.Network.Input;
import dev.carousel.Network.Node;
import dev.carousel.Network.Output;
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
import dev.carousel.spi.form.Activation;
import dev.carousel.spi.form.Axis;
import dev.carousel.spi.form.Mapping;
import dev.carousel.spi.form.Window;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * Small networks that nobody thought of, one for each seed: inputs of all kinds, branches that part and meet again, layers
 * of every sort on axes of every sort, several outputs. All take runs in which each sequence has {@link #LEAST} to
 * {@link #MOST} steps, or none.
 *
 * <p>Numbers stay where a rounding stays small: what may have grown is made small again before it is used, logarithms and
 * quotients are of numbers between a half and three halves, and no activation is drawn that jumps.
 */
public final class DrawnGraphs {
  /** The fewest steps of a sequence that is not empty. */
  public static final int LEAST = 3;
  /** The most steps of a sequence. */
  public static final int MOST = 9;

  private static final int WIDEST = 7;
  private static final double LARGE = 2.5; // numbers beyond it are made small before they are used

  /**
   * What a node or an input gives.
   *
   * @param reach about how far from 0 its numbers are
   */
  record Value(String name, int width, boolean perStep, Axis axis, double reach) {
    boolean beside(Value other) {
      return !perStep || !other.perStep || axis.equals(other.axis);
    }
  }

  private final SplittableRandom random;
  private final List<Input> inputs = new ArrayList<>();
  private final List<Node> nodes = new ArrayList<>();
  private final List<Value> values = new ArrayList<>();

  private DrawnGraphs(long seed) {
    random = new SplittableRandom(seed);
  }

  /** The network of a seed. */
  public static Network of(long seed) {
    DrawnGraphs drawing = new DrawnGraphs(seed);
    drawing.inputs();
    for (int moves = drawing.random.nextInt(3, 10); moves > 0; moves--) {
      drawing.move();
    }
    return new Network(drawing.inputs, drawing.nodes, drawing.outputs());
  }

  private void inputs() {
    for (int count = random.nextInt(1, 4); count > 0; count--) {
      String name = "in" + inputs.size();
      boolean perStep = random.nextInt(4) > 0;
      if (random.nextInt(3) == 0) {
        indices(new Input(name, random.nextInt(1, 4), perStep, true));
      } else {
        Input input = new Input(name, size(), perStep, false);
        inputs.add(input);
        values.add(new Value(name, input.width(), perStep, Axis.RUN, 1));
      }
    }
    if (nodes.isEmpty()) {
      add(Dense.of(values.getFirst().width(), size()), 1, values.getFirst());
    }
  }

  /** Each column is looked up in a table of its own, some in two. */
  private void indices(Input input) {
    inputs.add(input);
    Value all = new Value(input.name(), input.width(), input.perStep(), Axis.RUN, 1);
    for (int column = 0; column < input.width(); column++) {
      Value one = input.width() == 1 ? all : made(Columns.of(input.width(), column, 1), all, all);
      for (int tables = random.nextInt(4) == 0 ? 2 : 1; tables > 0; tables--) {
        add(Embedding.of(random.nextInt(1, 12), size()), 1, one);
      }
    }
  }

  private void move() {
    Value value = pick(_ -> true);
    switch (random.nextInt(20)) {
      case 0, 1, 2, 3 -> steps(value, this::recurrent);
      case 4, 5 -> steps(value, this::convolution);
      case 6 -> steps(value, this::windowPool);
      case 7, 8 -> merge(small(value));
      case 9 -> concat(value);
      case 10 -> {
        int first = random.nextInt(value.width());
        add(Columns.of(value.width(), first, random.nextInt(1, value.width() - first + 1)), value.reach(), value);
      }
      case 11, 12 -> steps(value, this::pooled);
      case 13 -> steps(value, this::attention);
      case 14 -> steps(value, from -> add(random.nextBoolean() ? LastStep.of(from.width())
          : Flatten.of(from.width(), from.axis().steps(MOST)), from.reach(), from));
      case 15 -> elementwise(value);
      case 16 -> add(random.nextBoolean() ? norm(value.width()) : Softmax.of(value.width()), 2, value);
      case 17 -> scaled(value);
      case 18 -> add(Noise.dropout(value.width(), 0.25f), value.reach(), value);
      default -> product(small(value));
    }
  }

  /** Of a row a sequence it makes rows of steps first. */
  private void steps(Value value, Consumer<Value> then) {
    Value small = small(value);
    then.accept(small.perStep() ? small
        : add(random.nextBoolean() ? Repeat.of(small.width()) : Repeat.of(small.width()).steps(random.nextInt(1, 5)),
            small.reach(), small));
  }

  private void recurrent(Value from) {
    Map<String, Recurrent> cells = LayerCases.cells(from.width(), random.nextInt(1, WIDEST));
    Recurrent layer = LayerCases.turned(pick(cells.values().toArray(Recurrent[]::new)), pick(Directions.values()));
    layer = random.nextInt(4) == 0 ? LayerCases.unbiased(layer) : layer;
    List<Value> reads = new ArrayList<>(List.of(from));
    int directions = layer.directions().bidirectional() ? 2 : 1;
    Optional<Value> row = values.stream().filter(value -> !value.perStep()).findFirst();
    if (row.isPresent() && random.nextInt(3) == 0) {
      Value start = small(row.get());
      reads.add(add(Dense.of(start.width(), directions * layer.width()).activation(Activation.TANH), 1, start));
      if (layer instanceof Lstm) {
        reads.add(add(Dense.of(start.width(), directions * layer.hidden()), 1.5, start));
      }
    }
    Value out = add(layer, 2, reads.toArray(Value[]::new));
    if (random.nextInt(3) == 0) {
      add(FinalState.of(layer.outputs()), 2, out);
    }
    if (layer instanceof Lstm && random.nextInt(3) == 0) {
      add(FinalState.of(directions * layer.hidden()).ofCell(), 3, out);
    }
  }

  private void convolution(Value from) {
    int groups = random.nextInt(3) == 0 ? from.width() : 1;
    int outputs = groups == 1 ? size() : groups * random.nextInt(1, 3);
    Conv conv = Conv.of(from.width(), outputs, 1).window(window(from.axis())).groups(groups);
    conv = random.nextInt(4) == 0 ? conv.withoutBias() : conv;
    add(random.nextBoolean() ? conv.activation(smooth()) : conv, 1.5, from);
  }

  private Window window(Axis axis) {
    Window plain = Window.of(random.nextInt(1, 5)).stride(random.nextInt(3) == 0 ? random.nextInt(2, 4) : 1)
        .dilation(random.nextInt(3) == 0 ? random.nextInt(2, 4) : 1);
    Window window = switch (random.nextInt(4)) {
      case 0 -> plain;
      case 1 -> plain.causal();
      case 2 -> plain.padding(random.nextInt(plain.reach()), random.nextInt(plain.reach()));
      default -> plain.padSame();
    };
    return window.over(axis).steps(LEAST) > 0 ? window : plain.padSame();
  }

  private void windowPool(Value from) {
    WindowPool pool = random.nextBoolean() ? WindowPool.max(from.width(), 1) : WindowPool.mean(from.width(), 1);
    pool = pool.window(window(from.axis()));
    add(pool.rule() == AcrossSteps.Pool.Rule.MEAN && random.nextBoolean() ? pool.countPadding() : pool, from.reach(),
        from);
  }

  private void pooled(Value from) {
    AcrossSteps.Pool.Rule rule = pick(AcrossSteps.Pool.Rule.values());
    add(new Pool(rule, from.width()),
        from.reach() * (rule == AcrossSteps.Pool.Rule.SUM ? from.axis().steps(MOST) : 1), from);
  }

  private void attention(Value from) {
    int heads = random.nextInt(1, 4);
    Value scores = add(Dense.of(from.width(), heads), 1.5, from);
    Value weights = add(SoftmaxSteps.of(heads), 1, scores);
    add(new WeightedSum(from.width(), heads), from.reach(), from, weights);
  }

  /** With another as wide, with a single column, or with what a product makes as wide; sometimes with a third. */
  private void merge(Value first) {
    Mapping.Combine.Rule rule = pick(Mapping.Combine.Rule.values());
    List<Value> reads = new ArrayList<>(List.of(first));
    for (int others = random.nextInt(4) == 0 ? 2 : 1; others > 0; others--) {
      Value other = small(pick(value -> reads.stream().allMatch(value::beside)));
      int width = random.nextInt(3) == 0 ? 1 : first.width();
      other = other.width() == first.width() || other.width() == 1 ? other
          : add(Dense.of(other.width(), width), 1.5, other);
      reads.add(rule == Mapping.Combine.Rule.DIVIDE ? positive(other) : other);
    }
    double reach = reads.stream().mapToDouble(Value::reach).sum();
    double product = reads.stream().mapToDouble(Value::reach).reduce(1, (left, right) -> left * right);
    add(Merge.of(rule, first.width()), switch (rule) {
      case MULTIPLY -> product;
      case DIVIDE -> 4 * first.reach();
      default -> reach;
    }, reads.toArray(Value[]::new));
  }

  private void concat(Value first) {
    List<Value> reads = new ArrayList<>(List.of(first));
    for (int others = random.nextInt(1, 3); others > 0; others--) {
      reads.add(pick(value -> reads.stream().allMatch(value::beside)));
    }
    add(Concat.of(reads.stream().mapToInt(Value::width).toArray()),
        reads.stream().mapToDouble(Value::reach).max().orElse(1), reads.toArray(Value[]::new));
  }

  private void elementwise(Value value) {
    Activation activation = pick(Activations.all().toArray(Activation[]::new));
    switch (activation.kind()) {
      case THRESHOLDED_RELU -> add(Elementwise.of(value.width(), Activation.RELU), value.reach(), value);
      case EXP -> add(Elementwise.of(value.width(), activation), 4.5, positive(value));
      case LOG, SQRT, RECIPROCAL -> add(Elementwise.of(value.width(), activation), 2, positive(value));
      default -> add(Elementwise.of(value.width(), activation), value.reach() + 0.5, value);
    }
  }

  private void scaled(Value value) {
    Scale scale = Scale.of(value.width());
    add(switch (random.nextInt(3)) {
      case 0 -> scale.withoutShift();
      case 1 -> scale.withoutScale();
      default -> scale;
    }, value.reach() + 0.5, value);
  }

  private void product(Value from) {
    Dense dense = Dense.of(from.width(), size());
    dense = random.nextInt(4) == 0 ? dense.withoutBias() : dense;
    add(switch (random.nextInt(3)) {
      case 0 -> dense.softmax();
      case 1 -> dense.activation(smooth());
      default -> dense;
    }, 1.5, from);
  }

  private Activation smooth() {
    return pick(Activations.ofCells().stream().filter(one -> one.kind() != Activation.Kind.THRESHOLDED_RELU)
        .toArray(Activation[]::new));
  }

  /** The same within 1, where it may be large. */
  Value small(Value value) {
    return value.reach() <= LARGE ? value
        : random.nextInt(3) == 0 ? add(norm(value.width()), 2, value)
            : add(Elementwise.of(value.width(), Activation.TANH), 1, value);
  }

  /** Between a half and three halves. */
  private Value positive(Value value) {
    return add(Elementwise.of(value.width(), Activation.Kind.AFFINE.of(1, 0.5f)), 1.5,
        add(Elementwise.of(value.width(), Activation.SIGMOID), 1, value));
  }

  private LayerNorm norm(int width) {
    LayerNorm norm = LayerNorm.of(width).epsilon(0.1f);
    return switch (random.nextInt(3)) {
      case 0 -> norm.withoutScale();
      case 1 -> norm.withoutShift();
      default -> norm;
    };
  }

  /** A node behind others, and what it gives. */
  Value add(Layer layer, double reach, Value... reads) {
    Value value = made(layer, reads[0], reads);
    Value large = new Value(value.name(), value.width(), value.perStep(), value.axis(), reach);
    values.add(large);
    return large;
  }

  private Value made(Layer layer, Value first, Value... reads) {
    String name = "n" + nodes.size();
    nodes.add(new Node(name, layer, Arrays.stream(reads).map(Value::name).toList()));
    Optional<Value> steps = Arrays.stream(reads).filter(Value::perStep).findFirst();
    Axis axis = steps.map(Value::axis).orElse(Axis.RUN);
    return switch (layer) {
      case Conv conv -> new Value(name, conv.outputs(), true, conv.window().over(axis), first.reach());
      case WindowPool pool -> new Value(name, pool.outputs(), true, pool.window().over(axis), first.reach());
      case Repeat repeat -> new Value(name, repeat.outputs(), true,
          repeat.steps() == 0 ? Axis.RUN : new Axis.Fixed(repeat.steps()), first.reach());
      case LastStep _,FinalState _,Pool _,Flatten _,WeightedSum _ ->
        new Value(name, layer.outputs(), false, Axis.RUN, first.reach());
      default -> new Value(name, layer.outputs(), steps.isPresent(), axis, first.reach());
    };
  }

  /** What nobody reads, and some of the rest. */
  private List<Output> outputs() {
    Set<String> read = new HashSet<>();
    nodes.forEach(node -> read.addAll(node.reads()));
    List<Output> outputs = new ArrayList<>();
    for (Value value : values) {
      if (!read.contains(value.name()) || random.nextInt(8) == 0) {
        outputs.add(new Output("out" + outputs.size(), value.name()));
      }
    }
    return outputs;
  }

  private int size() {
    return random.nextInt(1, WIDEST);
  }

  /** One of the values that are right; the last ones come most often, so that networks grow deep. */
  private Value pick(Predicate<Value> right) {
    List<Value> some = values.stream().filter(right).toList();
    return some.get(Math.max(random.nextInt(some.size()), random.nextInt(some.size())));
  }

  private <T> T pick(T[] from) {
    return from[random.nextInt(from.length)];
  }
}
