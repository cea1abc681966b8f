package dev.carousel.cli.verify;

import dev.carousel.Model;
import dev.carousel.cli.verify.Values.Part;
import dev.carousel.formats.data.Element;
import dev.carousel.formats.model.Port;
import dev.carousel.formats.model.SavedModel;
import dev.carousel.formats.model.Signature;
import dev.carousel.formats.npy.Npy;
import dev.carousel.formats.run.BatchRun;
import java.util.List;
import java.util.Map;

/** A run on the arrays that were given, as the model's author lays them out. */
final class GivenTrial implements ModelTrial {
  private final BatchRun run;

  GivenTrial(SavedModel saved, Map<String, Npy> inputs) {
    run = BatchRun.of(floats(saved), inputs, null);
  }

  /** The same with outputs as floats: in fewer bits, neighbours would be further apart than what is allowed. */
  private static SavedModel floats(SavedModel saved) {
    Signature signature = saved.signature();
    List<Port> outputs = signature.outputs().stream()
        .map(port -> new Port(port.name(), port.content(), port.parts(), Element.F32, port.axes())).toList();
    return saved.signature(new Signature(signature.inputs(), outputs, signature.padding(), signature.mask()));
  }

  @Override
  public Values run(Model model) {
    return new Values(run.run(model).entrySet().stream()
        .map(output -> Part.of("output " + output.getKey(), output.getValue())).toList());
  }
}
