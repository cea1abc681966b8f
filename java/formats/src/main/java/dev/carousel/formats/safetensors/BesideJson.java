package dev.carousel.formats.safetensors;

import dev.carousel.Dense;
import dev.carousel.Embedding;
import dev.carousel.Layer;
import dev.carousel.Network;
import dev.carousel.Recurrent;
import dev.carousel.Scale;
import dev.carousel.formats.data.FormatException;
import dev.carousel.formats.data.NewFile;
import dev.carousel.formats.data.WholeFile;
import dev.carousel.formats.json.Fields;
import dev.carousel.formats.json.Json;
import dev.carousel.formats.model.NetworkJson;
import dev.carousel.formats.model.NetworkReading;
import dev.carousel.spi.Order;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What the JSON beside a file of tensors says.
 *
 * @param network the network; nothing where shapes are to tell it
 * @param modules where each node's layer is said to be from
 * @param order of the inputs and the outputs
 */
record BesideJson(Optional<Network> network, List<Module> modules, Order order) {
  private static final long LARGEST = 1L << 20; // of what people write by hand

  /**
   * The module that a layer is said to be from, and which layer of that it is.
   *
   * @param epsilon what a batch normalisation adds to a variance
   */
  record Module(Optional<String> from, int index, float epsilon) {}

  /** Where the JSON stands. */
  static Path of(Path file) {
    String name = String.valueOf(file.getFileName());
    int dot = name.lastIndexOf('.');
    return file.resolveSibling((dot > 0 ? name.substring(0, dot) : name) + ".json");
  }

  /** What it says, if it is there. */
  static Optional<BesideJson> read(Path beside) throws IOException {
    if (!Files.exists(beside)) {
      return Optional.empty();
    }
    try {
      return Optional.of(parse(Json.parse(text(WholeFile.read(beside)))));
    } catch (CharacterCodingException | FormatException wrong) {
      throw new FormatException(beside + " is to say the network of the tensors beside it, and cannot be read: "
          + wrong.getMessage() + " Correct it, or move it away if it is something else.", wrong);
    }
  }

  private static String text(MemorySegment bytes) throws IOException {
    FormatException.check(bytes.byteSize() <= LARGEST, "It has %d bytes, and %d are read at most.", bytes.byteSize(),
        LARGEST);
    return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes.toArray(ValueLayout.JAVA_BYTE))).toString();
  }

  private static BesideJson parse(Json json) throws FormatException {
    Fields fields = Fields.of(json, "It");
    Order order = fields.word("order", Order.TIME_MAJOR);
    if (fields.find("layers").isEmpty() && fields.find("nodes").isEmpty()) {
      fields.end();
      return new BesideJson(Optional.empty(), List.of(), order);
    }
    NetworkReading reading = NetworkReading.of(fields);
    fields.end();
    List<Module> modules = new ArrayList<>();
    Map<Optional<String>, Integer> next = new HashMap<>();
    for (Fields layer : reading.layers()) {
      Optional<String> from = layer.find("from").isPresent() ? Optional.of(layer.text("from")) : Optional.empty();
      boolean scale = layer.text("type").equals("scale");
      modules.add(new Module(from, layer.whole("layer", next.getOrDefault(from, 0)),
          scale ? layer.real("epsilon", Placed.USUAL_EPSILON) : Placed.USUAL_EPSILON));
      next.put(from, modules.getLast().index + 1);
    }
    return new BesideJson(Optional.of(reading.network()), modules, order);
  }

  /** Each node's layer with its place among the modules of a state dict, if a network is said. */
  static List<Placed> placed(Network network, List<Module> modules, StateDict dict, String advice)
      throws FormatException {
    boolean named = modules.stream().anyMatch(module -> module.from.isPresent());
    List<Layer> holders = network.layers().stream().filter(layer -> !layer.tensors().isEmpty()).toList();
    List<Placed> matched = named || holders.isEmpty() ? List.of() : matched(network, holders, dict, advice);
    List<Placed> placed = new ArrayList<>();
    int next = 0;
    for (Network.Node node : network.nodes()) {
      Module said = modules.get(placed.size());
      boolean holds = !node.layer().tensors().isEmpty();
      FormatException.check(!named || said.from.isPresent() == holds, "Layer %s, is %s. %s", node,
          holds ? "not said to be from any module, and others are" : "from no module, having no tensors", advice);
      placed.add(!holds || named
          ? new Placed(node.layer(), said.from.orElse(""), said.index, said.epsilon)
          : matched.get(next++));
    }
    return placed;
  }

  /** The places of layers whose modules are not named, which shapes tell of some layers that follow each other. */
  private static List<Placed> matched(Network network, List<Layer> holders, StateDict dict, String advice)
      throws FormatException {
    for (Layer layer : holders) {
      boolean shows = layer instanceof Recurrent || layer instanceof Dense || layer instanceof Embedding;
      FormatException.check(shows && network.isList(),
          "%s holds the tensors of %s, and shapes alone do not say which they"
              + " are%s. %s",
          dict.what(), layer, shows ? ", where the network is no list of layers" : "", advice);
    }
    return Chain.matched(dict, holders, advice);
  }

  /** Writes a network with the names of its layers' modules, and their order if it is not the usual one. */
  static void write(Path beside, Network network, List<Placed> layers, Order order) throws IOException {
    Iterator<Placed> places = layers.iterator();
    Map<String, Object> members = new LinkedHashMap<>();
    if (order != Order.TIME_MAJOR) {
      members.put("order", Fields.word(order));
    }
    members.putAll(NetworkJson.write(network, _ -> write(places.next())).members());
    try (NewFile target = NewFile.at(beside)) {
      target.write(ByteBuffer.wrap((Json.of(members).pretty() + "\n").getBytes(StandardCharsets.UTF_8)));
      target.complete();
    }
  }

  private static Json write(Placed placed) {
    Map<String, Object> members = new LinkedHashMap<>(((Json.Members) NetworkJson.write(placed.layer())).members());
    if (!placed.shapes().isEmpty()) {
      members.put("from", placed.from());
      if (placed.index() > 0) {
        members.put("layer", placed.index());
      }
      if (placed.layer() instanceof Scale && placed.epsilon() != Placed.USUAL_EPSILON) {
        members.put("epsilon", placed.epsilon());
      }
    }
    return Json.of(members);
  }
}
