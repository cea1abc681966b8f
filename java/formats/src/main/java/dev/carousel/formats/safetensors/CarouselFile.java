package dev.carousel.formats.safetensors;

import dev.carousel.Network;
import dev.carousel.Tensor;
import dev.carousel.Weights;
import dev.carousel.formats.data.Checksums;
import dev.carousel.formats.data.Element;
import dev.carousel.formats.data.FormatException;
import dev.carousel.formats.data.Matrices;
import dev.carousel.formats.data.Names;
import dev.carousel.formats.data.NdArray;
import dev.carousel.formats.json.Fields;
import dev.carousel.formats.json.Json;
import dev.carousel.formats.model.NetworkJson;
import dev.carousel.formats.model.SavedModel;
import dev.carousel.formats.model.Signature;
import dev.carousel.formats.model.SignatureJson;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Carousel's own file: a safetensors file whose tensors are {@link Network#tensors()}, F32 and in that order, and whose
 * metadata has, under {@code carousel}, an object of JSON: {@code version}, {@code network}, {@code signature} and
 * {@code crc32c}. That is the checksum of the data behind the header, of a line for each tensor with its name and where
 * it begins, and of the object itself without the checksum, written compactly: nothing of what is computed can change
 * unseen.
 */
public final class CarouselFile {
  static final String KEY = "carousel";
  static final String CHECKSUM = "crc32c";
  private static final int VERSION = 1;

  private CarouselFile() {}

  /** Whether a safetensors file is one of these. */
  public static boolean isOne(Safetensors file) {
    return file.metadata().containsKey(KEY);
  }

  /** Reads a model; its weights stay in the memory that the file was read to. */
  public static SavedModel read(Path file) throws IOException {
    return read(Safetensors.read(file));
  }

  /** The model that a file holds. */
  public static SavedModel read(Safetensors file) throws IOException {
    String text = file.metadata().get(KEY);
    if (text == null) {
      throw FormatException.of("%s is a safetensors file without the text \"%s\": not one of Carousel's own.",
          file.what(), KEY);
    }
    Json json = Json.parse(text);
    Fields fields = Fields.of(json, "What " + file.what() + " says of itself");
    int version = fields.whole("version");
    FormatException.check(version == VERSION, "%s is of version %d of Carousel's files, and version %d is read. Use a"
        + " later Carousel.", file.what(), version, VERSION);
    String checksum = checksum(file, json);
    FormatException.check(checksum.equals(fields.text(CHECKSUM)),
        "%s has the checksum %s, and says that it is %s. The file is damaged; take a copy from elsewhere.",
        file.what(), checksum, fields.text(CHECKSUM));
    Network network = NetworkJson.read(fields.get("network"));
    Signature signature = SignatureJson.read(fields.get("signature"));
    fields.end();
    Weights weights = weights(file, network);
    try {
      return new SavedModel(network, weights, signature, "Carousel's own file, version " + version);
    } catch (IllegalArgumentException unfit) {
      throw new FormatException("The signature of " + file.what() + " does not fit its network: " + unfit.getMessage(),
          unfit);
    }
  }

  private static Weights weights(Safetensors file, Network network) throws FormatException {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    Set<String> unused = new LinkedHashSet<>(file.names());
    for (Tensor.Shape shape : network.tensors()) {
      NdArray array = file.tensor(shape.name());
      FormatException.check(array.element() == Element.F32
          && array.shape().equals(List.of((long) shape.rows(), (long) shape.columns())),
          "Tensor %s of %s is %s, and the network needs %s.", shape.name(), file.what(), array, shape);
      tensors.put(shape.name(), Matrices.matrix(array, shape.rows(), shape.columns()));
      unused.remove(shape.name());
    }
    FormatException.check(unused.isEmpty(), "%s has tensors that its network does not use: %s.", file.what(),
        Names.some(unused));
    return Weights.of(tensors);
  }

  /** Writes a model; its weights are written from where they are. */
  public static void write(Path file, SavedModel model) throws IOException {
    Map<String, NdArray> tensors = new LinkedHashMap<>();
    for (Tensor.Shape shape : model.network().tensors()) {
      tensors.put(shape.name(), Matrices.array(model.weights().tensor(shape.name())));
    }
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("version", VERSION);
    fields.put("network", NetworkJson.write(model.network()));
    fields.put("signature", SignatureJson.write(model.signature()));
    fields.put(CHECKSUM, checksum(tensors, Json.of(fields)));
    Safetensors.write(file, tensors, Map.of(KEY, Json.of(fields).compact()));
  }

  private static String checksum(Map<String, NdArray> tensors, Json json) throws IOException {
    Map<String, Long> places = new LinkedHashMap<>();
    long at = 0;
    for (Map.Entry<String, NdArray> tensor : tensors.entrySet()) {
      places.put(tensor.getKey(), at);
      at += tensor.getValue().data().byteSize();
    }
    List<MemorySegment> pieces = new ArrayList<>(tensors.values().stream().map(NdArray::data).toList());
    pieces.add(said(places, json));
    return hex(Checksums.crc32c(pieces.toArray(new MemorySegment[0])));
  }

  /** What the checksum of a file is to be that says this of itself. */
  static String checksum(Safetensors file, Json json) throws IOException {
    Map<String, Long> places = new LinkedHashMap<>();
    file.stored().forEach((name, tensor) -> places.put(name, tensor.begin()));
    return hex(Checksums.crc32c(file.data(), said(places, json)));
  }

  private static MemorySegment said(Map<String, Long> places, Json json) throws FormatException {
    Map<String, Json> members = new LinkedHashMap<>(json.members());
    members.remove(CHECKSUM);
    StringBuilder text = new StringBuilder();
    places.forEach((name, at) -> text.append(name).append(' ').append(at).append('\n'));
    text.append(Json.of(members).compact());
    return MemorySegment.ofArray(text.toString().getBytes(StandardCharsets.UTF_8));
  }

  private static String hex(long checksum) {
    return String.format("%08x", checksum);
  }
}
