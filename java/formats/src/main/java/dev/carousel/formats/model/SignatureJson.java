package dev.carousel.formats.model;

import dev.carousel.formats.data.Element;
import dev.carousel.formats.data.FormatException;
import dev.carousel.formats.data.Names;
import dev.carousel.formats.json.Fields;
import dev.carousel.formats.json.Json;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A signature as JSON:
 *
 * <pre>{@code
 * {"inputs": [{"name": "input", "content": "rows", "element": "f32", "axes": ["steps", "batch", {"columns": 40}]}],
 *  "outputs": [{"name": "y", "content": "results", "parts": ["scores"], "element": "f32", "axes": ["batch"]},
 *              {"name": "h", "content": "states", "states": ["0.forward.hidden", "0.reverse.hidden"], "element": "f32",
 *               "axes": [{"columns": 2, "stride": 64}, "batch", {"columns": 64}]}],
 *  "padding": "zero", "mask": -10.0}
 * }</pre>
 */
public final class SignatureJson {
  private SignatureJson() {}

  /** A signature as JSON. */
  public static Json write(Signature signature) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("inputs", signature.inputs().stream().map(SignatureJson::write).toList());
    fields.put("outputs", signature.outputs().stream().map(SignatureJson::write).toList());
    fields.put("padding", Fields.word(signature.padding()));
    signature.mask().ifPresent(mask -> fields.put("mask", Float.isFinite(mask) ? mask : mask.toString()));
    return Json.of(fields);
  }

  private static Json write(Port port) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("name", port.name());
    fields.put("content", Fields.word(port.content()));
    if (!port.parts().equals(Port.usual(port.content()))) {
      fields.put(port.content() == Port.Content.STATES ? "states" : "parts", port.parts());
    }
    fields.put("element", Fields.word(port.element()));
    fields.put("axes", port.axes().stream().map(SignatureJson::write).toList());
    return Json.of(fields);
  }

  private static Json write(Axis axis) {
    String kind = Fields.word(axis.kind());
    if (axis.kind() != Axis.Kind.COLUMNS) {
      return new Json.Text(kind);
    }
    return axis.stride() == 1 ? Json.object(kind, axis.size())
        : Json.object(kind, axis.size(), "stride",
            axis.stride());
  }

  /** The signature that JSON says; what is unknown, misspelt or impossible in it is refused by name. */
  public static Signature read(Json json) throws FormatException {
    Fields fields = Fields.of(json, "The signature");
    List<Port> inputs = ports(fields, "inputs");
    List<Port> outputs = ports(fields, "outputs");
    Padding padding = fields.word("padding", Padding.ZERO);
    Optional<Json> mask = fields.find("mask");
    try {
      Optional<Float> value = mask.isEmpty()
          ? Optional.empty()
          : Optional.of(mask.get() instanceof Json.Text(String text) ? Float.parseFloat(text) : fields.real("mask", 0));
      fields.end();
      return new Signature(inputs, outputs, padding, value);
    } catch (IllegalArgumentException wrong) {
      throw new FormatException("The signature cannot be: " + wrong.getMessage(), wrong);
    }
  }

  private static List<Port> ports(Fields fields, String name) throws FormatException {
    List<Port> ports = new ArrayList<>();
    for (Json item : fields.get(name).items()) {
      Fields port = Fields.of(item, "Port " + ports.size() + " of \"" + name + "\"");
      Port.Content content = port.word("content", Port.Content.class);
      String parts = content == Port.Content.STATES ? "states" : "parts";
      try {
        List<Axis> axes = new ArrayList<>();
        for (Json axis : port.list("axes")) {
          axes.add(axis(axis, "Axis " + axes.size() + " of " + port.what()));
        }
        ports.add(new Port(port.text("name"), content, port.find(parts).isPresent() ? port.texts(parts) : List.of(),
            port.word("element", Element.class), axes));
      } catch (IllegalArgumentException wrong) {
        throw new FormatException(port.what() + " cannot be: " + wrong.getMessage(), wrong);
      }
      port.end();
    }
    return ports;
  }

  private static Axis axis(Json json, String what) throws FormatException {
    if (json instanceof Json.Text(String text)) {
      return new Axis(kind(text, what), 1, 1);
    }
    Fields fields = Fields.of(json, what);
    List<String> kinds = json.members().keySet().stream().filter(name -> !name.equals("stride")).toList();
    FormatException.check(kinds.size() == 1, "%s says %s, and is to say one kind and perhaps a stride.", what,
        Names.some(kinds));
    Axis.Kind kind = kind(kinds.getFirst(), what);
    int size = fields.whole(kinds.getFirst());
    int stride = fields.whole("stride", 1);
    fields.end();
    return new Axis(kind, size, stride);
  }

  private static Axis.Kind kind(String word, String what) throws FormatException {
    return Fields.of(Json.object("kind", word), what).word("kind", Axis.Kind.class);
  }
}
