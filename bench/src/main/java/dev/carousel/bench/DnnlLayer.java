package dev.carousel.bench;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.bytedeco.dnnl.IntMemoryMap;
import org.bytedeco.dnnl.engine;
import org.bytedeco.dnnl.global.dnnl;
import org.bytedeco.dnnl.lbr_gru_forward;
import org.bytedeco.dnnl.lstm_forward;
import org.bytedeco.dnnl.memory;
import org.bytedeco.dnnl.primitive;
import org.bytedeco.dnnl.reorder;
import org.bytedeco.dnnl.rnn_primitive_desc_base;
import org.bytedeco.dnnl.stream;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.Pointer;

/**
 * A layer as oneDNN's primitive: the LSTM, whose gates are in Carousel's order, or the GRU "with linear before reset",
 * whose gates are z, r, n and whose last gate has a second bias.
 */
final class DnnlLayer implements AutoCloseable {
  private static final int FORWARD = dnnl.dnnl_forward_inference;

  private final Workload workload;
  private final Shape shape;
  private final int layer;
  private final engine processor;
  private final stream calls;
  private final List<Pointer> held = new ArrayList<>(); // closed in the end, the last first
  private final IntMemoryMap arguments = hold(new IntMemoryMap());
  private final primitive call;

  /** Reads rows {@code [steps][batch][inputs]} and writes {@code [steps][batch][directions * hidden]}. */
  DnnlLayer(Workload workload, int layer, engine processor, stream calls, FloatPointer source, FloatPointer target) {
    this.workload = workload;
    shape = workload.shape();
    this.layer = layer;
    this.processor = processor;
    this.calls = calls;
    memory.desc in = rows(shape.inputs(layer));
    memory.desc out = rows(shape.outputs());
    memory.desc bias = desc(memory.format_tag.ldgo, 1, shape.directions(), 4, shape.hidden());
    rnn_primitive_desc_base chosen = choice(in, out, bias);
    call = hold(new primitive(chosen));
    argument(dnnl.DNNL_ARG_SRC_LAYER, new memory(in, processor, source));
    argument(dnnl.DNNL_ARG_DST_LAYER, new memory(out, processor, target));
    argument(dnnl.DNNL_ARG_BIAS, new memory(bias, processor, hold(new FloatPointer(biases()))));
    argument(dnnl.DNNL_ARG_WEIGHTS_LAYER, laidOut("input", shape.inputs(layer), chosen.weights_layer_desc()));
    argument(dnnl.DNNL_ARG_WEIGHTS_ITER, laidOut("recurrent", shape.hidden(), chosen.weights_iter_desc()));
  }

  void run() {
    call.execute(calls, arguments);
  }

  /** The primitive for this machine, which says how its weights are to lie; the states it starts from are zero. */
  private rnn_primitive_desc_base choice(memory.desc in, memory.desc out, memory.desc bias) {
    int direction = shape.directions() == 2 ? dnnl.dnnl_bidirectional_concat : dnnl.dnnl_unidirectional_left2right;
    memory.desc input = matrix(memory.format_tag.any, shape.inputs(layer));
    memory.desc recurrent = matrix(memory.format_tag.any, shape.hidden());
    memory.desc none = hold(new memory.desc());
    return hold(switch (shape.cell()) {
      case LSTM -> new lstm_forward.primitive_desc(processor, FORWARD, direction, in, none, none, input, recurrent,
          bias, out, none, none);
      case GRU -> new lbr_gru_forward.primitive_desc(processor, FORWARD, direction, in, none, input, recurrent, bias,
          out, none);
    });
  }

  private memory laidOut(String tensor, int columns, memory.desc wanted) {
    FloatPointer values = hold(new FloatPointer(joined(tensor)));
    // Carousel's layout is [gates][hidden][columns], oneDNN's names for these are g, o and i.
    memory plain = hold(new memory(matrix(memory.format_tag.ldgoi, columns), processor, values));
    memory packed = hold(new memory(hold(wanted), processor));
    reorder order = hold(new reorder(plain, packed));
    order.execute(calls, plain, packed);
    calls._wait();
    return packed;
  }

  /** {@code [directions][gates * hidden][columns]}, the gates as oneDNN wants them. */
  private float[] joined(String tensor) {
    List<float[]> parts = new ArrayList<>();
    for (String direction : shape.directionNames()) {
      float[] values = workload.tensor(layer, direction, tensor);
      order().forEach(gate -> parts.add(gate(values, shape.cell().gates(), gate)));
    }
    return join(parts);
  }

  /** {@code [directions][4][hidden]}: the GRU's fourth is the recurrent bias of its third gate. */
  private float[] biases() {
    int gates = shape.cell().gates();
    List<float[]> parts = new ArrayList<>();
    for (String direction : shape.directionNames()) {
      float[] bias = workload.tensor(layer, direction, "bias");
      float[] recurrent = workload.recurrentBias(layer, direction);
      for (int gate : order()) {
        boolean apart = shape.cell() == Cell.GRU && gate == gates - 1;
        parts.add(apart ? gate(bias, gates, gate) : sum(gate(bias, gates, gate), gate(recurrent, gates, gate)));
        if (apart) {
          parts.add(gate(recurrent, gates, gate));
        }
      }
    }
    return join(parts);
  }

  private List<Integer> order() {
    return switch (shape.cell()) {
      case LSTM -> List.of(0, 1, 2, 3);
      case GRU -> shape.cell().onnxOrder();
    };
  }

  private static float[] gate(float[] values, int gates, int gate) {
    int part = values.length / gates;
    return Arrays.copyOfRange(values, gate * part, (gate + 1) * part);
  }

  private static float[] sum(float[] left, float[] right) {
    float[] sum = left.clone();
    for (int i = 0; i < sum.length; i++) {
      sum[i] += right[i];
    }
    return sum;
  }

  private static float[] join(List<float[]> parts) {
    float[] joined = new float[parts.stream().mapToInt(part -> part.length).sum()];
    int at = 0;
    for (float[] part : parts) {
      System.arraycopy(part, 0, joined, at, part.length);
      at += part.length;
    }
    return joined;
  }

  private memory.desc rows(int columns) {
    return desc(memory.format_tag.tnc, shape.steps(), shape.batch(), columns);
  }

  /** oneDNN names the dimensions layers, directions, inputs, gates, outputs, whatever the layout. */
  private memory.desc matrix(memory.format_tag layout, int columns) {
    return desc(layout, 1, shape.directions(), columns, shape.cell().gates(), shape.hidden());
  }

  private memory.desc desc(memory.format_tag layout, long... sizes) {
    return hold(new memory.desc(sizes, memory.data_type.f32, layout));
  }

  private void argument(int name, memory value) {
    arguments.put(name, hold(value));
  }

  private <P extends Pointer> P hold(P pointer) {
    held.add(pointer);
    return pointer;
  }

  @Override
  public void close() {
    held.reversed().forEach(Pointer::close);
  }
}
