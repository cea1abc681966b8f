package dev.carousel.formats.safetensors;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carousel.Devices;
import dev.carousel.Model;
import dev.carousel.Predictor;
import dev.carousel.Tensor;
import dev.carousel.formats.data.NdArray;
import dev.carousel.formats.model.Axis;
import dev.carousel.formats.model.SavedModel;
import dev.carousel.spi.Order;
import java.lang.foreign.ValueLayout;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.Objects;

/** What the tests of this package do with models. */
final class Models {
  private Models() {}

  /** What make_state_dicts.py wrote. */
  static Path fixture(String name) {
    try {
      return Path.of(Objects.requireNonNull(Models.class.getResource(name), name).toURI());
    } catch (URISyntaxException impossible) {
      throw new AssertionError(impossible);
    }
  }

  /** What the reference computes from an array in the model's order. */
  static float[] run(SavedModel saved, NdArray input) {
    Order order = saved.signature().rows().axes().getFirst().equals(Axis.BATCH) ? Order.BATCH_MAJOR : Order.TIME_MAJOR;
    int first = Math.toIntExact(input.size(0));
    int second = Math.toIntExact(input.size(1));
    int steps = order == Order.TIME_MAJOR ? first : second;
    int batch = order == Order.TIME_MAJOR ? second : first;
    try (Model model = Model.compile(saved.network(), saved.weights(), Devices.byId("reference"));
        Predictor predictor = model.newPredictor(steps, batch, order)) {
      return saved.network().takesIndices()
          ? predictor.predict(indices(input), steps, batch)
          : predictor.predict(input.floats().toArray(ValueLayout.JAVA_FLOAT_UNALIGNED), steps, batch);
    }
  }

  private static int[] indices(NdArray input) {
    int[] indices = new int[Math.toIntExact(input.count())];
    for (int i = 0; i < indices.length; i++) {
      indices[i] = Math.toIntExact(input.getLong(i));
    }
    return indices;
  }

  /** One is the other, bit by bit, but for where they came from. */
  static void checkSame(SavedModel model, SavedModel other) {
    assertThat(other.network()).isEqualTo(model.network());
    assertThat(other.signature()).isEqualTo(model.signature());
    assertThat(other.weights().names()).isEqualTo(model.weights().names());
    for (String name : model.weights().names()) {
      Tensor left = model.weights().tensor(name);
      Tensor right = other.weights().tensor(name);
      assertThat(right.rows()).as(name).isEqualTo(left.rows());
      assertThat(left.data().mismatch(right.data())).as(name).isEqualTo(-1);
    }
  }
}
