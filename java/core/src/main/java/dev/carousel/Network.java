package dev.carousel;

import static dev.carousel.spi.form.Check.argument;

import dev.carousel.spi.form.Axis;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What is computed, without its weights: named nodes, each a layer with the names of what it reads, which stands before it.
 * A list of layers is the network in which each reads the one before.
 *
 * @param inputs what a caller gives
 * @param nodes the layers, each behind those that it reads
 * @param outputs what a caller gets
 */
public record Network(List<Input> inputs, List<Node> nodes, List<Output> outputs) {

  /**
   * Rows that a caller gives.
   *
   * @param width of a row
   * @param perStep whether there is one for each step of each sequence, or one for each sequence
   * @param indices whether they are indices into tables, rather than floats
   */
  public record Input(String name, int width, boolean perStep, boolean indices) {
    /** A row of floats for each step. */
    public static Input rows(String name, int width) {
      return new Input(name, width, true, false);
    }

    /** A row of floats for each sequence. */
    public static Input row(String name, int width) {
      return new Input(name, width, false, false);
    }

    /** An index for each step. */
    public static Input indices(String name) {
      return new Input(name, 1, true, true);
    }

    /** An index for each sequence. */
    public static Input index(String name) {
      return new Input(name, 1, false, true);
    }
  }

  /**
   * A layer in its place.
   *
   * @param reads the inputs and nodes that it reads, in the order that the layer says. A recurrent layer may read, behind
   *          its rows, the hidden state that a sequence starts with, an LSTM the cell state behind that: a row a sequence,
   *          the directions side by side
   */
  public record Node(String name, Layer layer, List<String> reads) {
    public Node {
      reads = List.copyOf(reads);
    }

    /** A layer that reads these. */
    public static Node of(String name, Layer layer, String... reads) {
      return new Node(name, layer, List.of(reads));
    }

    /** The name and the layer, as messages tell. */
    @Override
    public String toString() {
      return name + ", " + layer;
    }
  }

  /**
   * What a caller gets.
   *
   * @param from the node, or the input, whose rows it is
   */
  public record Output(String name, String from) {
    /** The rows of a node under its own name. */
    public static Output of(String node) {
      return new Output(node, node);
    }
  }

  /**
   * The rows that an input or a node gives.
   *
   * @param axis what their steps count, where there is a row for each; {@link Axis#RUN} otherwise
   */
  public record Rows(int width, boolean perStep, Axis axis, boolean indices) {}

  private static final String INPUT = "input";
  private static final String OUTPUT = "output";

  public Network {
    inputs = List.copyOf(inputs);
    nodes = List.copyOf(nodes);
    outputs = List.copyOf(outputs);
    new Wiring(inputs, nodes, outputs).check();
  }

  /** A network of these layers, the first of which reads the input; it is called input, the last one's rows output. */
  public static Network of(Layer... layers) {
    return of(List.of(layers));
  }

  /** A network of these layers, the first of which reads the input; it is called input, the last one's rows output. */
  public static Network of(List<Layer> layers) {
    argument(!layers.isEmpty(), "A network of no layers was asked for. Give it at least one.");
    return new Network(List.of(listInput(layers)), listNodes(layers), List.of(listOutput(layers)));
  }

  private static Input listInput(List<Layer> layers) {
    boolean perStep = !(layers.getFirst() instanceof Repeat);
    return new Input(INPUT, layers.getFirst().inputs(), perStep, layers.getFirst() instanceof Embedding);
  }

  private static List<Node> listNodes(List<Layer> layers) {
    List<Node> nodes = new ArrayList<>();
    for (Layer layer : layers) {
      nodes.add(Node.of(Integer.toString(nodes.size()), layer, nodes.isEmpty() ? INPUT : nodes.getLast().name()));
    }
    return nodes;
  }

  private static Output listOutput(List<Layer> layers) {
    return new Output(OUTPUT, Integer.toString(layers.size() - 1));
  }

  /** A network of these inputs and nodes, whose outputs are the rows of the nodes named, under their names. */
  public static Network of(Collection<Input> inputs, Collection<Node> nodes, String... outputs) {
    List<Output> named = new ArrayList<>();
    for (String output : outputs) {
      named.add(Output.of(output));
    }
    return new Network(List.copyOf(inputs), List.copyOf(nodes), named);
  }

  /** The layers of all nodes, in order. */
  public List<Layer> layers() {
    return nodes.stream().map(Node::layer).toList();
  }

  /** Whether it is what {@link #of(List)} makes of its layers. */
  public boolean isList() {
    return inputs.equals(List.of(listInput(layers()))) && nodes.equals(listNodes(layers()))
        && outputs.equals(List.of(listOutput(layers())));
  }

  /** The only input. */
  public Input input() {
    argument(inputs.size() == 1, "The one input of a network was asked for, and it has %s.", inputs);
    return inputs.getFirst();
  }

  /** The rows of the only output. */
  public Rows output() {
    argument(outputs.size() == 1, "The one output of a network was asked for, and it has %s.", outputs);
    return rows(outputs.getFirst().from());
  }

  /** The rows that each input and each node gives, by its name. */
  public Map<String, Rows> values() {
    return new Wiring(inputs, nodes, outputs).values();
  }

  /** The rows that an output, an input or a node gives, by its name: of an output before a node of that name. */
  public Rows rows(String name) {
    return new Wiring(inputs, nodes, outputs).rows(name);
  }

  /** Whether there is one input, and it is indices into a table rather than rows of floats. */
  public boolean takesIndices() {
    return inputs.size() == 1 && inputs.getFirst().indices();
  }

  /** Whether the only output has a row for each step, or one for each sequence. */
  public boolean returnsSequence() {
    return output().perStep();
  }

  /** Whether a sequence may be given in parts, a call after the other: no layer needs steps that are to come. */
  public boolean streams() {
    return readsAhead().isEmpty();
  }

  /** The first node, if any, that cannot begin before all steps of a sequence are there. */
  Optional<Node> readsAhead() {
    return new Wiring(inputs, nodes, outputs).readsAhead();
  }

  /** All tensors that it needs, in canonical order: {@code 0.forward.input[1024,40]}. */
  public List<Tensor.Shape> tensors() {
    List<Tensor.Shape> tensors = new ArrayList<>();
    for (Node node : nodes) {
      for (Tensor.Shape shape : node.layer().tensors()) {
        tensors.add(shape.within(node.name()));
      }
    }
    return tensors;
  }

  /** The Program that computes it, and where its parameters come from. */
  public Lowered lower() {
    Folding.Folded folded = Folding.of(this);
    return new Lowering(folded.network()).lower(this, folded.tensors());
  }

  /** The same with every layer as it stands, none worked into another's weights. */
  Lowered lowerUnfolded() {
    return new Lowering(this).lower(this, Map.of());
  }
}
