package dev.carousel.formats;

import dev.carousel.Devices;
import dev.carousel.Initialisation;
import dev.carousel.Lstm;
import dev.carousel.Model;
import dev.carousel.Network;
import dev.carousel.Predictor;
import dev.carousel.Weights;
import dev.carousel.formats.data.NdArray;
import dev.carousel.formats.model.SavedModel;
import dev.carousel.formats.model.Signature;
import dev.carousel.formats.npy.Npy;
import dev.carousel.formats.npy.Npz;
import dev.carousel.spi.Order;
import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** A file of each kind that is read, large enough to be cut while it is; those of Keras are smaller, as they are given. */
final class CuttableFiles {
  private static final Network NETWORK = Network.of(Lstm.of(64, 320)); // 2 MB of weights
  private static final int NUMBERS = 500_000;

  private final Path folder;

  /** What a file holds; a model's are what it makes of zeros. */
  @FunctionalInterface
  interface Numbers {
    double sum();
  }

  /** A kind of file, and how it is read. */
  enum Kind {
    OWN("own.safetensors"), PYTORCH("pytorch.safetensors"), ONNX("graph.onnx"), H5("gru_before.h5"), KERAS(
        "gru_after.keras"), WEIGHTS("numbered_alone.weights.h5"), NPY("array.npy"), STORED("stored.npz"), DEFLATED(
            "deflated.npz"), MAPPED_NPY("array.npy"), MAPPED_STORED("stored.npz"), MAPPED_DEFLATED("deflated.npz");

    private final String file;

    Kind(String file) {
      this.file = file;
    }

    /** Reads or maps all. */
    Numbers read(Path path, Arena arena) throws IOException {
      return switch (this) {
        case OWN, PYTORCH, ONNX, H5, KERAS, WEIGHTS -> model(ModelFiles.read(path));
        case NPY -> array(Npy.read(path));
        case STORED, DEFLATED -> array(Objects.requireNonNull(Npz.read(path).get("a")));
        case MAPPED_NPY -> array(Npy.map(path, arena));
        case MAPPED_STORED, MAPPED_DEFLATED -> array(Objects.requireNonNull(Npz.map(path, arena).get("a")));
      };
    }
  }

  CuttableFiles(Path folder) throws IOException {
    this.folder = Files.createDirectory(folder.resolve("whole"));
    SavedModel model = new SavedModel(NETWORK, Weights.seeded(NETWORK, Initialisation.PYTORCH, 1),
        Signature.of(NETWORK, Order.TIME_MAJOR), "a test");
    ModelFiles.write(whole(Kind.OWN), model);
    ModelFiles.write(whole(Kind.PYTORCH), model, ModelFiles.Format.PYTORCH);
    ModelFiles.write(whole(Kind.ONNX), model);
    for (Kind kind : List.of(Kind.H5, Kind.KERAS, Kind.WEIGHTS)) {
      try (InputStream given = Objects.requireNonNull(CuttableFiles.class.getResourceAsStream("keras/" + kind.file))) {
        Files.copy(given, whole(kind));
      }
    }
    float[] values = new float[NUMBERS];
    for (int i = 0; i < values.length; i++) {
      values[i] = i % 1000;
    }
    NdArray array = NdArray.of(List.of((long) NUMBERS), values);
    Npy.write(whole(Kind.NPY), array);
    Npz.write(whole(Kind.STORED), Map.of("a", array));
    try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(whole(Kind.DEFLATED)))) {
      zip.putNextEntry(new ZipEntry("a.npy"));
      Files.copy(whole(Kind.NPY), zip);
    }
  }

  private Path whole(Kind kind) {
    return folder.resolve(kind.file);
  }

  /** A whole file of a kind, in place of the one before. */
  Path fresh(Kind kind) throws IOException {
    return Files.copy(whole(kind), folder.resolveSibling(kind.file), StandardCopyOption.REPLACE_EXISTING);
  }

  private static Numbers array(Npy npy) {
    return () -> {
      double sum = 0;
      for (long i = 0; i < npy.array().count(); i++) {
        sum += npy.array().getFloat(i);
      }
      return sum;
    };
  }

  private static Numbers model(SavedModel saved) {
    return () -> {
      try (Model model = Model.compile(saved.network(), saved.weights(), Devices.byId("reference"));
          Predictor predictor = model.newPredictor(1, 1)) {
        double sum = 0;
        float[] results = saved.network().takesIndices() ? predictor.predict(new int[1], 1, 1)
            : predictor.predict(new float[saved.network().input().width()], 1, 1);
        for (float value : results) {
          sum += value;
        }
        return sum;
      }
    };
  }
}
