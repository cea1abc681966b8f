package dev.carousel.formats.onnx;

import dev.carousel.formats.data.FormatException;
import dev.carousel.formats.onnx.Value.Laid;
import dev.carousel.formats.onnx.Value.Mask;
import java.io.IOException;
import java.util.List;
import java.util.Set;

/** The operators that graphs of recurrent networks have, and what each makes of the values that it reads. */
final class Operators {
  /** The operators that make recurrent layers. */
  static final Set<String> RECURRENT = Set.of("RNN", "GRU", "LSTM");

  private Operators() {}

  /** The values of the node's outputs, as many as are known. */
  static List<Value> apply(Call call) throws IOException {
    if (!call.node().domain().isEmpty()) {
      throw call.foreign();
    }
    return switch (call.node().operator()) {
      case "RNN", "GRU", "LSTM" -> RecurrentOperator.apply(call);
      case "Split" -> SelectionOperators.split(call);
      default -> List.of(one(call));
    };
  }

  private static Value one(Call call) throws IOException {
    return switch (call.node().operator()) {
      case "Constant" -> ShapeOperators.constant(call);
      case "ConstantOfShape" -> FillOperators.constantOfShape(call);
      case "Shape" -> ShapeOperators.shape(call);
      case "Size" -> ShapeOperators.size(call);
      case "Expand", "Tile" -> FillOperators.expand(call);
      case "ReduceProd" -> call.input(0) instanceof Laid ? new Reductions(call).apply() : ShapeOperators.product(call);
      case "ReduceSum", "ReduceMean", "ReduceMax", "ReduceMin", "ReduceL1", "ReduceL2", "ReduceSumSquare" ->
        new Reductions(call).apply();
      case "Where" -> call.input(0) instanceof Mask ? MaskOperators.where(call) : ShapeOperators.where(call);
      case "Range" -> MaskOperators.range(call);
      case "Less", "LessOrEqual", "Greater", "GreaterOrEqual" -> MaskOperators.compare(call);
      case "Not" -> MaskOperators.not(call);
      case "ReverseSequence" -> MaskOperators.reverseSequence(call);
      case "Add", "Sub", "Mul", "Div", "Equal" -> arithmetic(call);
      case "Sum", "Mean", "Max", "Min" -> new Arithmetic(call).apply();
      case "Identity" -> call.input(0);
      case "Dropout" -> PassingOperators.dropout(call);
      case "Cast" -> PassingOperators.cast(call);
      case "Transpose" -> LayoutOperators.transpose(call);
      case "Reshape" -> LayoutOperators.reshape(call);
      case "Flatten" -> LayoutOperators.flatten(call);
      case "Squeeze" -> SqueezeOperators.squeeze(call);
      case "Unsqueeze" -> SqueezeOperators.unsqueeze(call);
      case "GatherElements" -> new LastSteps(call).gathered();
      case "Gather" -> SelectionOperators.gather(call);
      case "Slice" -> SelectionOperators.slice(call);
      case "Concat" -> new Joining(call).concat();
      case "MatMul" -> DenseOperators.matMul(call);
      case "Gemm" -> DenseOperators.gemm(call);
      case "Softmax", "LogSoftmax" -> SoftmaxOperators.softmax(call);
      case "BatchNormalization" -> new Normalisations(call).batch();
      case "LayerNormalization" -> new Normalisations(call).layer();
      case "Conv" -> new Convolutions(call).conv();
      case "MaxPool", "AveragePool" -> new Convolutions(call).pool();
      case "GlobalMaxPool", "GlobalAveragePool" -> new Convolutions(call).global();
      case "Pad" -> new Convolutions(call).pad();
      case "Pow" -> new FunctionOperators(call).power();
      default -> new FunctionOperators(call).apply();
    };
  }

  private static Value arithmetic(Call call) throws FormatException {
    Value integers = ShapeOperators.arithmetic(call);
    if (integers != null) {
      return integers;
    }
    return call.node().operator().equals("Equal") ? MaskOperators.compare(call) : new Arithmetic(call).apply();
  }
}
