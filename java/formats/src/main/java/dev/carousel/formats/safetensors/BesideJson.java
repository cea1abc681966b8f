package dev.carousel.formats.safetensors;

import dev.carousel.Layer;
import dev.carousel.spi.Order;
import dev.carousel.formats.data.FormatException;
import dev.carousel.formats.data.NewFile;
import dev.carousel.formats.data.WholeFile;
import dev.carousel.formats.json.Fields;
import dev.carousel.formats.json.Json;
import dev.carousel.formats.model.NetworkJson;
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
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What the JSON beside a file of tensors says.
 *
 * @param layers of the network; empty where shapes are to tell them
 * @param order of the input and the output
 */
record BesideJson(List<Said> layers, Order order) {
  private static final long LARGEST = 1L << 20; // of what people write by hand

  /** A layer, the module that it is said to be from, and which layer of that it is. */
  record Said(Layer layer, Optional<String> from, int index) {}

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
    List<Fields> layers = fields.find("layers").isPresent() ? NetworkJson.layers(fields) : List.of();
    fields.end();
    List<Optional<String>> froms = new ArrayList<>();
    List<Integer> indices = new ArrayList<>();
    Map<Optional<String>, Integer> next = new HashMap<>();
    for (Fields layer : layers) {
      Optional<String> from = layer.find("from").isPresent() ? Optional.of(layer.text("from")) : Optional.empty();
      froms.add(from);
      indices.add(layer.whole("layer", next.getOrDefault(from, 0)));
      next.put(from, indices.getLast() + 1);
    }
    List<Said> said = new ArrayList<>();
    if (!layers.isEmpty()) {
      for (Layer layer : NetworkJson.network(layers).layers()) {
        said.add(new Said(layer, froms.get(said.size()), indices.get(said.size())));
      }
    }
    return new BesideJson(said, order);
  }

  /** All layers with their places among the modules of a state dict. */
  List<Placed> placed(StateDict dict, String advice) throws FormatException {
    if (layers.isEmpty()) {
      return Chain.inferred(dict, advice);
    }
    boolean named = layers.stream().anyMatch(said -> said.from.isPresent());
    List<Layer> holders = layers.stream().map(Said::layer).filter(layer -> !layer.tensors().isEmpty()).toList();
    List<Placed> matched = named ? List.of() : Chain.matched(dict, holders, advice);
    List<Placed> placed = new ArrayList<>();
    int next = 0;
    for (Said said : layers) {
      boolean holds = !said.layer.tensors().isEmpty();
      FormatException.check(!named || said.from.isPresent() == holds, "Layer %d, %s, is %s. %s", placed.size(),
          said.layer, holds ? "not said to be from any module, and others are" : "from no module, having no tensors",
          advice);
      placed.add(!holds || named ? new Placed(said.layer, said.from.orElse(""), said.index) : matched.get(next++));
    }
    return placed;
  }

  /** Writes layers with the names of their modules, and their order if it is not the usual one. */
  static void write(Path beside, List<Placed> layers, Order order) throws IOException {
    List<Json> items = new ArrayList<>();
    for (Placed placed : layers) {
      Map<String, Json> members = new LinkedHashMap<>(NetworkJson.write(placed.layer()).members());
      if (!placed.shapes().isEmpty()) {
        members.put("from", Json.of(placed.from()));
        if (placed.index() > 0) {
          members.put("layer", Json.of(placed.index()));
        }
      }
      items.add(Json.of(members));
    }
    Map<String, Object> members = new LinkedHashMap<>();
    if (order != Order.TIME_MAJOR) {
      members.put("order", Fields.word(order));
    }
    members.put("layers", items);
    try (NewFile target = NewFile.at(beside)) {
      target.write(ByteBuffer.wrap((Json.of(members).pretty() + "\n").getBytes(StandardCharsets.UTF_8)));
      target.complete();
    }
  }
}
