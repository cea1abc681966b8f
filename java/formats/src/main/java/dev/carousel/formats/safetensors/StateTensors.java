package dev.carousel.formats.safetensors;

import dev.carousel.Columns;
import dev.carousel.Concat;
import dev.carousel.Conv;
import dev.carousel.Dense;
import dev.carousel.Elementwise;
import dev.carousel.Embedding;
import dev.carousel.FinalState;
import dev.carousel.Flatten;
import dev.carousel.Gru;
import dev.carousel.LastStep;
import dev.carousel.LayerNorm;
import dev.carousel.Lstm;
import dev.carousel.Merge;
import dev.carousel.Noise;
import dev.carousel.Pool;
import dev.carousel.Recurrent;
import dev.carousel.Repeat;
import dev.carousel.Scale;
import dev.carousel.Softmax;
import dev.carousel.SoftmaxSteps;
import dev.carousel.Tensor;
import dev.carousel.WeightedSum;
import dev.carousel.Weights;
import dev.carousel.WindowPool;
import dev.carousel.formats.data.FormatException;
import dev.carousel.formats.data.Matrices;
import dev.carousel.formats.data.NdArray;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The tensors of layers, between PyTorch's names and ours. The order of the gates is the same; the biases are not. */
final class StateTensors {
  private StateTensors() {}

  /** Our tensors of a node's layer, by name; what is F32 in the file is not copied, but for what is turned. */
  static Map<String, Tensor> read(Safetensors file, String node, Placed placed) throws FormatException {
    for (Map.Entry<String, List<Long>> shape : placed.shapes().entrySet()) {
      if (!placed.optional().containsKey(shape.getKey()) || file.names().contains(shape.getKey())) {
        NdArray array = file.tensor(shape.getKey());
        FormatException.check(array.shape().equals(shape.getValue()) && !array.element().integer(),
            "Tensor %s of %s is %s, and layer %s, %s, needs floats of %s.", shape.getKey(), file.what(), array, node,
            placed.layer(), shape.getValue());
      }
    }
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    switch (placed.layer()) {
      case Embedding _ -> tensors.put(node + ".table", matrix(file, placed.named("weight")));
      case Dense dense -> {
        tensors.put(node + ".weight", matrix(file, placed.named("weight")));
        if (dense.bias()) {
          tensors.put(node + ".bias", row(file, placed.named("bias")));
        }
      }
      case Recurrent recurrent -> {
        read(file, placed, recurrent, "", node + ".forward.", tensors);
        if (recurrent.directions().bidirectional()) {
          read(file, placed, recurrent, "_reverse", node + ".reverse.", tensors);
        }
      }
      case Conv conv -> {
        tensors.put(node + ".weight",
            Matrices.turnedRows(matrix(file, placed.named("weight"), conv.outputs()), conv.inputs() / conv.groups()));
        if (conv.bias()) {
          tensors.put(node + ".bias", row(file, placed.named("bias")));
        }
      }
      case LayerNorm norm -> {
        if (norm.scales()) {
          tensors.put(node + ".scale", row(file, placed.named("weight")));
        }
        if (norm.shifts()) {
          tensors.put(node + ".shift", row(file, placed.named("bias")));
        }
      }
      case Scale scale -> normalisation(file, placed, scale.inputs()).forEach((name, tensor) -> tensors
          .put(node + "." + name, tensor));
      case Elementwise _,Softmax _,Merge _,Concat _,Columns _,LastStep _,FinalState _,Pool _,WindowPool _,SoftmaxSteps _,WeightedSum _,Repeat _,Flatten _,Noise _ ->
        {
        }
    }
    return tensors;
  }

  /** A batch normalisation as it is after training: {@code (x - mean) / sqrt(variance + epsilon) * weight + bias}. */
  private static Map<String, Tensor> normalisation(Safetensors file, Placed placed, int width) throws FormatException {
    Tensor mean = row(file, placed.named("running_mean"));
    Tensor variance = row(file, placed.named("running_var"));
    float[] scale = new float[width];
    float[] shift = new float[width];
    for (int i = 0; i < width; i++) {
      double root = Math.sqrt((double) variance.get(0, i) + placed.epsilon());
      FormatException.check(root > 0, "Tensor %s of %s has the variance %s in column %d, which with an epsilon of %s is"
          + " nothing to divide by.", placed.named("running_var"), file.what(), variance.get(0, i), i,
          placed.epsilon());
      double factor = element(file, placed.named("weight"), i, 1) / root;
      scale[i] = (float) factor;
      shift[i] = (float) (element(file, placed.named("bias"), i, 0) - mean.get(0, i) * factor);
    }
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    tensors.put("scale", Tensor.of(1, width, scale));
    tensors.put("shift", Tensor.of(1, width, shift));
    return tensors;
  }

  private static float element(Safetensors file, String name, int index, float otherwise) throws FormatException {
    return file.names().contains(name) ? file.tensor(name).getFloat(index) : otherwise;
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

  private static Tensor matrix(Safetensors file, String name, int rows) throws FormatException {
    NdArray array = file.tensor(name);
    return Matrices.matrix(array, rows, Math.toIntExact(array.count() / rows)); // the shape is one of a layer
  }

  private static Tensor row(Safetensors file, String name) throws FormatException {
    NdArray array = file.tensor(name);
    return Matrices.matrix(array, 1, Math.toIntExact(array.count())); // the shape is one of ints
  }

  /** PyTorch's tensors of a node's layer, by name. A bias that PyTorch has twice is given with one of zeros. */
  static Map<String, NdArray> write(Weights weights, String node, Placed placed) {
    Map<String, NdArray> tensors = new LinkedHashMap<>();
    placed.shapes().forEach((name, shape) -> {
      String tensor = name.substring(placed.from().isEmpty() ? 0 : placed.from().length() + 1);
      String own = ours(placed, tensor);
      if (own == null) {
        float[] values = new float[Math.toIntExact(NdArray.count(shape))];
        Arrays.fill(values, tensor.equals("running_var") ? 1 : 0);
        tensors.put(name, NdArray.of(shape, values));
      } else {
        Tensor value = weights.tensor(node + "." + own);
        int steps = placed.layer() instanceof Conv conv && tensor.equals("weight") ? conv.window().width() : 1;
        tensors.put(name, Matrices.array(Matrices.turnedRows(value, steps)).shaped(shape));
      }
    });
    return tensors;
  }

  /** Our name within the layer of one of PyTorch's; null for what we do not have. */
  private static @Nullable String ours(Placed placed, String tensor) {
    return switch (placed.layer()) {
      case Embedding _ -> "table";
      case LayerNorm _,Scale _ -> switch (tensor) {
        case "weight" -> "scale";
        case "bias" -> "shift";
        default -> null;
      };
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
