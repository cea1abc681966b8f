package dev.carousel.formats.onnx;

import dev.carousel.Devices;
import dev.carousel.Model;
import dev.carousel.Network;
import dev.carousel.Predictor;
import dev.carousel.formats.data.Element;
import dev.carousel.formats.data.NdArray;
import dev.carousel.formats.model.Axis;
import dev.carousel.formats.model.Port;
import dev.carousel.formats.model.SavedModel;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** A model of any inputs and outputs, run on the reference device by looking at each element of each port. */
final class PortRun {
  private final SavedModel model;
  private final Map<String, NdArray> inputs;
  private int steps = 1;
  private int batch = 1;

  private PortRun(SavedModel model, Map<String, NdArray> inputs) {
    this.model = model;
    this.inputs = inputs;
    for (Port port : model.signature().inputs()) {
      for (int i = 0; i < port.axes().size(); i++) {
        switch (port.axes().get(i).kind()) {
          case STEPS, REVERSED_STEPS -> steps = (int) array(port).size(i);
          case BATCH -> batch = (int) array(port).size(i);
          case COLUMNS -> {
          }
        }
      }
    }
  }

  static Map<String, NdArray> run(SavedModel model, Map<String, NdArray> inputs) {
    return new PortRun(model, inputs).run();
  }

  private interface Visit {
    void at(int element, int step, int sequence, int column);
  }

  private static void visit(Port port, List<Long> shape, int steps, Visit visit) {
    long count = NdArray.count(shape);
    for (int i = 0; i < count; i++) {
      int[] at = new int[3];
      int rest = i;
      for (int axis = shape.size() - 1; axis >= 0; axis--) {
        int index = (int) (rest % shape.get(axis));
        rest /= (int) (long) shape.get(axis);
        Axis counts = port.axes().get(axis);
        switch (counts.kind()) {
          case STEPS -> at[0] = index;
          case REVERSED_STEPS -> at[0] = steps - 1 - index;
          case BATCH -> at[1] = index;
          case COLUMNS -> at[2] += index * counts.stride();
        }
      }
      visit.at(i, at[0], at[1], at[2]);
    }
  }

  private List<Long> shape(Port port, int rows) {
    return port.axes().stream().map(axis -> switch (axis.kind()) {
      case STEPS, REVERSED_STEPS -> (long) rows;
      case BATCH -> (long) batch;
      case COLUMNS -> (long) axis.size();
    }).toList();
  }

  private int rows(Network.Rows rows) {
    return rows.perStep() ? rows.axis().steps(steps) : 1;
  }

  private Map<String, NdArray> run() {
    Network network = model.network();
    Map<String, MemorySegment> data = new LinkedHashMap<>();
    int[] lengths = null;
    for (Port port : model.signature().inputs()) {
      NdArray array = array(port);
      if (port.content() == Port.Content.ROWS) {
        int from = 0;
        for (String part : port.parts()) {
          data.put(part, part(network, part, port, array, from));
          from += network.rows(part).width();
        }
      } else if (port.content() == Port.Content.LENGTHS) {
        lengths = new int[batch];
        for (int i = 0; i < batch; i++) {
          lengths[i] = (int) array.getLong(i);
        }
      }
    }
    Map<String, MemorySegment> results = new LinkedHashMap<>();
    network.outputs()
        .forEach(output -> results.put(output.name(), MemorySegment.ofArray(new float[Math.max(1, rows(network
            .rows(output.name())) * batch * network.rows(output.name()).width())])));
    try (Model compiled = Model.compile(network, model.weights(), Devices.byId("reference"));
        Predictor predictor = compiled.newPredictor(Math.max(1, steps), batch)) {
      boolean states = states(predictor);
      if (states) {
        predictor.advance(data, steps, batch, lengths, results);
      } else {
        predictor.predict(data, steps, batch, lengths, results);
      }
      return outputs(network, predictor, results);
    }
  }

  private MemorySegment part(Network network, String part, Port port, NdArray array, int from) {
    int width = network.rows(part).width();
    boolean indices = network.rows(part).indices();
    int rows = rows(network.rows(part));
    MemorySegment segment = indices ? MemorySegment.ofArray(new int[rows * batch * width])
        : MemorySegment.ofArray(new float[rows * batch * width]);
    Element element = indices ? Element.I32 : Element.F32;
    visit(port, array.shape(), steps, (i, step, sequence, column) -> {
      if (column >= from && column < from + width) {
        element.setFloat(segment, (step * batch + sequence) * width + column - from, array.getFloat(i));
      }
    });
    return segment;
  }

  private boolean states(Predictor predictor) {
    boolean any = false;
    for (Port port : model.signature().inputs()) {
      if (port.content() == Port.Content.STATES) {
        any = true;
        int from = 0;
        for (String state : port.parts()) {
          int width = predictor.states().width(state);
          float[] values = new float[batch * width];
          int first = from;
          NdArray array = array(port);
          visit(port, array.shape(), 1, (i, _, sequence, column) -> {
            if (column >= first && column < first + width) {
              values[sequence * width + column - first] = array.getFloat(i);
            }
          });
          predictor.states().write(state, values);
          from += width;
        }
      }
    }
    return any;
  }

  private NdArray array(Port port) {
    return Objects.requireNonNull(inputs.get(port.name()));
  }

  private Map<String, NdArray> outputs(Network network, Predictor predictor, Map<String, MemorySegment> results) {
    Map<String, NdArray> outputs = new LinkedHashMap<>();
    for (Port port : model.signature().outputs()) {
      boolean results0 = port.content() == Port.Content.RESULTS;
      int rows = results0 ? rows(network.rows(port.parts().getFirst())) : 1;
      List<Long> shape = shape(port, rows);
      MemorySegment data = MemorySegment.ofArray(new byte[(int) NdArray.count(shape) * port.element().bytes()]);
      int from = 0;
      for (String part : new ArrayList<>(port.parts())) {
        int width = results0 ? network.rows(part).width() : predictor.states().width(part);
        float[] values = new float[rows * batch * width];
        if (results0) {
          MemorySegment.ofArray(values)
              .copyFrom(Objects.requireNonNull(results.get(part)).asSlice(0, 4L * values.length));
        } else {
          predictor.states().read(part, values);
        }
        int first = from;
        visit(port, shape, rows, (i, step, sequence, column) -> {
          if (column >= first && column < first + width) {
            port.element().setFloat(data, i, values[(step * batch + sequence) * width + column - first]);
          }
        });
        from += width;
      }
      outputs.put(port.name(), new NdArray(port.element(), shape, data));
    }
    return outputs;
  }
}
