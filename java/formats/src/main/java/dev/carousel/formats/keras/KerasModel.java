package dev.carousel.formats.keras;

import dev.carousel.Dense;
import dev.carousel.Elementwise;
import dev.carousel.Embedding;
import dev.carousel.Network;
import dev.carousel.Network.Input;
import dev.carousel.Network.Node;
import dev.carousel.Network.Output;
import dev.carousel.Repeat;
import dev.carousel.Softmax;
import dev.carousel.Tensor;
import dev.carousel.Weights;
import dev.carousel.formats.data.FormatException;
import dev.carousel.formats.model.SavedModel;
import dev.carousel.spi.form.Activation;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The network that Keras' layers have come to be, with the names of its inputs and outputs. */
final class KerasModel {
  private static final String OUTPUT = "output";

  private final KerasGraph graph;
  private final KerasInputs inputs;
  private final List<Signal> results;
  private final List<String> names; // of the outputs, as Keras has them
  private List<Node> nodes;
  private List<Output> outputs = new ArrayList<>();
  private final Map<String, Tensor> tensors = new LinkedHashMap<>();

  KerasModel(KerasGraph graph, KerasInputs inputs, KerasConfig config, List<Signal> results) {
    this.graph = graph;
    this.inputs = inputs;
    this.results = results;
    names = unlike(config.outputs().stream().map(Reference::layer).toList(), new HashSet<>());
    Set<String> taken = new HashSet<>(graph.inputs().stream().map(Input::name).toList());
    List<String> legal = unlike(names.stream().map(name -> name.isBlank() ? OUTPUT : name.replace('.', '_')).toList(),
        taken);
    for (int i = 0; i < results.size(); i++) {
      outputs.add(new Output(legal.get(i), results.get(i).node()));
    }
    nodes = wanted(graph.nodes());
  }

  /** Names with numbers behind those that are taken, as Keras numbers the outputs of one layer. */
  private static List<String> unlike(List<String> names, Set<String> taken) {
    List<String> unlike = new ArrayList<>();
    for (String name : names) {
      String free = name;
      for (int i = 1; !taken.add(free); i++) {
        free = name + "_" + i;
      }
      unlike.add(free);
    }
    return unlike;
  }

  /** Without the states that nobody reads. */
  private List<Node> wanted(List<Node> all) {
    Set<String> read = new HashSet<>(outputs.stream().map(Output::from).toList());
    List<Node> wanted = new ArrayList<>();
    for (Node node : all.reversed()) {
      if (read.contains(node.name())) {
        wanted.addFirst(node);
        read.addAll(node.reads());
      }
    }
    return wanted;
  }

  SavedModel saved(String origin) throws FormatException {
    fuse();
    for (Node node : nodes) {
      for (Tensor.Shape shape : node.layer().tensors()) {
        String name = node.name() + "." + shape.name();
        Optional.ofNullable(graph.tensors().get(name)).ifPresent(tensor -> tensors.put(name, tensor));
      }
    }
    try {
      Optional<Network> list = list();
      Network network = list.isPresent() ? list.get() : new Network(graph.inputs(), nodes, outputs);
      FormatException.check(network.inputs().stream().anyMatch(Input::perStep)
          || network.nodes().stream().anyMatch(node -> network.rows(node.name()).perStep()),
          "The model has no sequence among its %d layers, and Carousel runs networks over sequences.", nodes.size());
      KerasPorts ports = new KerasPorts(graph, inputs, results, names);
      return new SavedModel(network, Weights.of(tensors), ports.signature(network), origin);
    } catch (IllegalArgumentException unfit) {
      throw new FormatException("The layers of the model do not make a network: " + unfit.getMessage(), unfit);
    }
  }

  /** Makes a function that nothing else stands between the function of its dense layer. */
  private void fuse() {
    for (int i = 0; i < nodes.size(); i++) {
      Node node = nodes.get(i);
      String read = node.reads().getFirst();
      Optional<Node> before = nodes.stream().filter(other -> other.name().equals(read)).findFirst();
      boolean alone = nodes.stream().filter(other -> other.reads().contains(read)).count() == 1
          && outputs.stream().noneMatch(output -> output.from().equals(read));
      if (before.isPresent() && alone && before.get().layer() instanceof Dense dense && !dense.probabilities()) {
        Optional<Dense> both = switch (node.layer()) {
          case Softmax softmax when !softmax.log() -> Optional.of(dense.softmax());
          case Elementwise function when dense.activation().equals(Activation.IDENTITY) ->
            Optional.of(dense.activation(function.activation()));
          default -> Optional.empty();
        };
        if (both.isPresent()) {
          replace(before.get(), both.get(), node);
          i--;
        }
      }
    }
  }

  private void replace(Node dense, Dense by, Node function) {
    List<Node> changed = new ArrayList<>();
    for (Node node : nodes) {
      if (node.equals(dense)) {
        changed.add(new Node(dense.name(), by, dense.reads()));
      } else if (!node.equals(function)) {
        changed.add(new Node(node.name(), node.layer(), node.reads().stream()
            .map(read -> read.equals(function.name()) ? dense.name() : read).toList()));
      }
    }
    nodes = changed;
    outputs = outputs.stream().map(output -> output.from().equals(function.name())
        ? new Output(output.name(), dense.name())
        : output).toList();
  }

  /** The network as a list of layers, with their numbers for names, where each reads the one before. */
  private Optional<Network> list() {
    Input first = graph.inputs().getFirst();
    boolean list = graph.inputs().size() == 1 && outputs.size() == 1 && first.perStep() && !nodes.isEmpty()
        && outputs.getFirst().from().equals(nodes.getLast().name())
        && first.indices() == nodes.getFirst().layer() instanceof Embedding
        && !(nodes.getFirst().layer() instanceof Repeat);
    String before = first.name();
    for (Node node : nodes) {
      list &= node.reads().equals(List.of(before));
      before = node.name();
    }
    if (!list) {
      return Optional.empty();
    }
    Map<String, Tensor> numbered = new HashMap<>();
    for (int i = 0; i < nodes.size(); i++) {
      for (Tensor.Shape shape : nodes.get(i).layer().tensors()) {
        Tensor tensor = tensors.get(nodes.get(i).name() + "." + shape.name());
        if (tensor != null) {
          numbered.put(i + "." + shape.name(), tensor);
        }
      }
    }
    tensors.clear();
    tensors.putAll(numbered);
    return Optional.of(Network.of(nodes.stream().map(Node::layer).toList()));
  }
}
