package dev.carousel.formats.safetensors;

import dev.carousel.Dense;
import dev.carousel.Embedding;
import dev.carousel.FinalState;
import dev.carousel.Gru;
import dev.carousel.LastStep;
import dev.carousel.Lstm;
import dev.carousel.Recurrent;
import dev.carousel.Tensor;
import dev.carousel.Weights;
import dev.carousel.formats.data.FormatException;
import dev.carousel.formats.data.Matrices;
import dev.carousel.formats.data.NdArray;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The tensors of layers, between PyTorch's names and ours. The order of the gates is the same; the biases are not. */
final class StateTensors {
  private StateTensors() {}

  /** Our tensors of the layer of a number, by name; what is F32 in the file is not copied. */
  static Map<String, Tensor> read(Safetensors file, int number, Placed placed) throws FormatException {
    for (Map.Entry<String, List<Long>> shape : placed.shapes().entrySet()) {
      NdArray array = file.tensor(shape.getKey());
      FormatException.check(array.shape().equals(shape.getValue()) && !array.element().integer(),
          "Tensor %s of %s is %s, and layer %d, %s, needs floats of %s.", shape.getKey(), file.what(), array, number,
          placed.layer(), shape.getValue());
    }
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    switch (placed.layer()) {
      case Embedding _ -> tensors.put(number + ".table", matrix(file, placed.named("weight")));
      case Dense dense -> {
        tensors.put(number + ".weight", matrix(file, placed.named("weight")));
        if (dense.bias()) {
          tensors.put(number + ".bias", row(file, placed.named("bias")));
        }
      }
      case Recurrent recurrent -> {
        read(file, placed, recurrent, "", number + ".forward.", tensors);
        if (recurrent.directions().bidirectional()) {
          read(file, placed, recurrent, "_reverse", number + ".reverse.", tensors);
        }
      }
      default -> {
      }
    }
    return tensors;
  }

  private static void read(Safetensors file, Placed placed, Recurrent layer, String direction, String name,
      Map<String, Tensor> tensors) throws FormatException {
    tensors.put(name + "input", matrix(file, placed.named("weight_ih", direction)));
    tensors.put(name + "recurrent", matrix(file, placed.named("weight_hh", direction)));
    if (layer.bias()) {
      Tensor input = row(file, placed.named("bias_ih", direction));
      Tensor recurrent = row(file, placed.named("bias_hh", direction));
      if (layer instanceof Gru) {
        tensors.put(name + "bias", input);
        tensors.put(name + "recurrent_bias", recurrent);
      } else {
        tensors.put(name + "bias", Matrices.sum(input, recurrent));
      }
    }
    if (layer instanceof Lstm lstm && lstm.projection() > 0) {
      tensors.put(name + "projection", matrix(file, placed.named("weight_hr", direction)));
    }
  }

  private static Tensor matrix(Safetensors file, String name) throws FormatException {
    return Matrices.matrix(file.tensor(name));
  }

  private static Tensor row(Safetensors file, String name) throws FormatException {
    NdArray array = file.tensor(name);
    return Matrices.matrix(array, 1, Math.toIntExact(array.count())); // the shape is one of ints
  }

  /** PyTorch's tensors of the layer of a number, by name. A bias that PyTorch has twice is given with one of zeros. */
  static Map<String, NdArray> write(Weights weights, int number, Placed placed) {
    Map<String, NdArray> tensors = new LinkedHashMap<>();
    placed.shapes().forEach((name, shape) -> {
      String tensor = name.substring(placed.from().isEmpty() ? 0 : placed.from().length() + 1);
      String own = ours(placed, tensor);
      tensors.put(name, own == null
          ? NdArray.of(shape, new float[Math.toIntExact(NdArray.count(shape))])
          : Matrices.array(weights.tensor(number + "." + own)).shaped(shape));
    });
    return tensors;
  }

  /** Our name within the layer of one of PyTorch's; null for the second bias where we have one. */
  private static @Nullable String ours(Placed placed, String tensor) {
    return switch (placed.layer()) {
      case Embedding _ -> "table";
      case Recurrent layer -> {
        String direction = tensor.endsWith("_reverse") ? "reverse." : "forward.";
        yield switch (tensor.substring(0, tensor.indexOf("_l"))) {
          case "weight_ih" -> direction + "input";
          case "weight_hh" -> direction + "recurrent";
          case "weight_hr" -> direction + "projection";
          case "bias_ih" -> direction + "bias";
          default -> layer instanceof Gru ? direction + "recurrent_bias" : null;
        };
      }
      default -> tensor;
    };
  }
}
