package dev.carousel.formats.model;

import dev.carousel.Layer;
import dev.carousel.Network;
import dev.carousel.formats.data.FormatException;
import dev.carousel.formats.json.Fields;
import dev.carousel.formats.json.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A network on its way from JSON: what is said of it, before it is put together. A reader that knows more fields takes
 * them from {@link #layers} first.
 *
 * @param layers what is said of each layer, in order
 * @param graph how they hang together; nothing where each reads the one before
 */
public record NetworkReading(List<Fields> layers, Optional<Graph> graph) {

  /** The inputs and the outputs, and for each layer the name of its node and of what that reads. */
  public record Graph(List<Network.Input> inputs, List<String> names, List<List<String>> reads,
      List<Network.Output> outputs) {}

  /** What an object says in "layers", or in "inputs", "nodes" and "outputs". */
  public static NetworkReading of(Fields fields) throws FormatException {
    List<Fields> layers = new ArrayList<>();
    if (fields.find("nodes").isEmpty()) {
      for (Json layer : fields.list("layers")) {
        layers.add(Fields.of(layer, "Layer " + layers.size()));
      }
      return new NetworkReading(layers, Optional.empty());
    }
    List<String> names = new ArrayList<>();
    List<List<String>> reads = new ArrayList<>();
    for (Json item : fields.list("nodes")) {
      names.add(Fields.of(item, "Node " + layers.size()).text("name"));
      Fields node = Fields.of(item, "Node " + names.getLast());
      node.text("name");
      reads.add(node.texts("reads"));
      layers.add(node);
    }
    return new NetworkReading(layers, Optional.of(new Graph(inputs(fields), names, reads, outputs(fields))));
  }

  private static List<Network.Input> inputs(Fields fields) throws FormatException {
    List<Network.Input> inputs = new ArrayList<>();
    for (Json item : fields.list("inputs")) {
      Fields input = Fields.of(item, "Input " + inputs.size());
      boolean indices = input.truth("indices", false);
      inputs.add(new Network.Input(input.text("name"), indices ? input.whole("width", 1) : input.whole("width"),
          input.truth("per_step", true), indices));
      input.end();
    }
    return inputs;
  }

  private static List<Network.Output> outputs(Fields fields) throws FormatException {
    List<Network.Output> outputs = new ArrayList<>();
    for (Json item : fields.list("outputs")) {
      Fields output = Fields.of(item, "Output " + outputs.size());
      String name = output.text("name");
      outputs.add(new Network.Output(name, output.find("from").isPresent() ? output.text("from") : name));
      output.end();
    }
    return outputs;
  }

  /** The network; what is unknown, misspelt or impossible in it is refused by name. */
  public Network network() throws FormatException {
    List<Layer> read = new ArrayList<>();
    for (Fields layer : layers) {
      read.add(layer(layer));
    }
    try {
      if (graph.isEmpty()) {
        return Network.of(read);
      }
      Graph said = graph.get();
      List<Network.Node> nodes = new ArrayList<>();
      for (Layer layer : read) {
        nodes.add(new Network.Node(said.names.get(nodes.size()), layer, said.reads.get(nodes.size())));
      }
      return new Network(said.inputs, nodes, said.outputs);
    } catch (IllegalArgumentException wrong) {
      throw new FormatException("The network cannot be: " + wrong.getMessage(), wrong);
    }
  }

  private Layer layer(Fields fields) throws FormatException {
    try {
      return new LayerReading(fields).read();
    } catch (IllegalArgumentException wrong) {
      throw new FormatException((graph.isPresent() ? fields.what() : "The network") + " cannot be: "
          + wrong.getMessage(), wrong);
    }
  }
}
