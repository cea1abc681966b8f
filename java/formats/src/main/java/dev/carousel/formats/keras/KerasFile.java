package dev.carousel.formats.keras;

import dev.carousel.formats.data.FormatException;
import dev.carousel.formats.data.Source;
import dev.carousel.formats.data.WholeFile;
import dev.carousel.formats.data.ZipArchive;
import dev.carousel.formats.json.Json;
import dev.carousel.formats.model.SavedModel;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Files of Keras 1, 2 and 3: whole models as {@code .h5} and {@code .keras}, and weights alone as {@code .weights.h5},
 * whose network is in a JSON file beside them, as {@code model.to_json()} makes it, or is inferred.
 */
public final class KerasFile {
  private static final String WEIGHTS = "model.weights.h5";

  private KerasFile() {}

  /** Whether a file is HDF5, which models of Keras are; a {@code .keras} file is a zip file with one in it. */
  public static boolean looksLike(MemorySegment bytes) {
    return HdfGroup.start(bytes) >= 0;
  }

  /** Reads a model; what is damaged, or is not run, is a {@link FormatException}. */
  public static SavedModel read(Path file) throws IOException {
    return read(Source.of(file));
  }

  /** The model in a file that has been read, which perhaps has JSON beside it, or in what is none. */
  public static SavedModel read(Source source) throws IOException {
    try {
      return ZipArchive.looksLike(source.bytes()) ? archive(ZipArchive.of(source.bytes(), source.name())) : hdf(source);
    } catch (FormatException wrong) {
      throw new FormatException(source.name() + ": " + wrong.getMessage(), wrong);
    }
  }

  private static SavedModel archive(ZipArchive zip) throws IOException {
    List<String> names = zip.names();
    FormatException.check(names.contains("config.json") && names.contains("metadata.json"),
        "This zip file is none of Keras': it has %s, and no config.json with a metadata.json.", names);
    FormatException.check(names.contains(WEIGHTS), "The file has no %s but %s, and weights in other forms are not read."
        + " Save the model with Keras' defaults.", WEIGHTS, names);
    KerasVersion version = KerasVersion.of(json(zip.entry("metadata.json")).get("keras_version").text());
    KerasConfig config = KerasConfig.of(json(zip.entry("config.json")), version);
    HdfGroup root = HdfGroup.root(zip.entry(WEIGHTS));
    return KerasNetwork.of(config, LayerWeights.Numbered.below(root, "").orElseThrow(KerasFile::unknown), version,
        "Keras " + version.text() + ", .keras");
  }

  private static SavedModel hdf(Source source) throws IOException {
    HdfGroup root = HdfGroup.root(source.bytes());
    Optional<String> model = root.text("model_config");
    if (model.isPresent()) {
      Json config = Json.parse(model.get());
      HdfGroup weights = root.get("model_weights");
      KerasVersion version = version(root, config);
      return KerasNetwork.of(KerasConfig.of(config, version), LayerWeights.named(weights, version), version,
          "Keras " + version.text() + ", .h5");
    }
    Optional<LayerWeights.Numbered> layers = LayerWeights.Numbered.below(root, "");
    boolean named = root.hasTexts("layer_names");
    if (!named && layers.isEmpty()) {
      throw unknown();
    }
    Optional<Path> beside = source.place().map(KerasFile::beside);
    if (beside.isEmpty() || !Files.exists(beside.get())) {
      return named ? WeightsAlone.named(root, version(root, Json.object()), advice(beside))
          : WeightsAlone.numbered(layers.orElseThrow().layers(), advice(beside));
    }
    Json config = json(WholeFile.read(beside.get()));
    KerasVersion version = version(root, config);
    LayerWeights weights = named ? LayerWeights.named(root, version) : layers.orElseThrow();
    return KerasNetwork.of(KerasConfig.of(config, version), weights, version,
        "Keras " + version.text() + ", weights with " + beside.get().getFileName());
  }

  private static FormatException unknown() {
    return new FormatException("This HDF5 file holds neither a model nor weights in a form that Keras writes: it has no"
        + " model_config, no layer_names and no group of layers.");
  }

  /** What the file says, or its configuration; Keras 3 writes a module for each class, and Keras 2 does not. */
  private static KerasVersion version(HdfGroup root, Json config) throws FormatException {
    Optional<String> own = root.text("keras_version");
    if (own.isPresent()) {
      return KerasVersion.of(own.get());
    }
    Optional<Json> said = config.find("keras_version");
    return KerasVersion.of(said.isPresent() ? said.get().text()
        : LayerWeights.Numbered.below(root, "").isPresent() ? "3"
            : FirstKeras.wrote(config) ? "1" : "2");
  }

  /** {@code model.json} beside {@code model.weights.h5} and beside {@code model.h5}. */
  private static Path beside(Path file) {
    String stem = file.getFileName().toString().replaceFirst("(\\.weights)?\\.(h5|hdf5|keras)$", "");
    return file.resolveSibling(stem + ".json");
  }

  private static String advice(Optional<Path> beside) {
    String put = "Put the configuration, as model.to_json() gives it, beside the weights";
    return beside.map(json -> put + ", as " + json.getFileName() + ".").orElse(put + " in a file, and read them from"
        + " their path: what is given as bytes has nothing beside it.");
  }

  private static Json json(MemorySegment bytes) throws FormatException {
    FormatException.check(bytes.byteSize() <= HdfTexts.LONGEST, "A configuration of %d bytes was given; %d are read.",
        bytes.byteSize(), HdfTexts.LONGEST);
    return Json.parse(new String(bytes.toArray(ValueLayout.JAVA_BYTE), StandardCharsets.UTF_8));
  }
}
