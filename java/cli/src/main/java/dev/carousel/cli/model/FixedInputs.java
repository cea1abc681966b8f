package dev.carousel.cli.model;

import dev.carousel.cli.console.WrongCall;
import dev.carousel.formats.ModelFiles;
import dev.carousel.formats.data.Element;
import dev.carousel.formats.data.NdArray;
import dev.carousel.formats.model.SavedModel;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import picocli.CommandLine.Option;

/** Numbers that inputs of an ONNX graph are to have always: the option {@code --fix}. */
public final class FixedInputs {
  @Option(names = "--fix", paramLabel = "NAME=NUMBER", description = {
      "Gives an input of an ONNX graph, of one number, this value for good, as in --fix sr=16000."})
  private List<String> fixed = List.of();

  /** For picocli. */
  public FixedInputs() {}

  /** The words that say the same to another call. */
  public List<String> words() {
    return fixed.stream().flatMap(one -> Stream.of("--fix", one)).toList();
  }

  /** Reads a model with these numbers, and with weights that its file wants from its caller. */
  public SavedModel read(Path file, Map<String, NdArray> weights) throws IOException {
    Map<String, NdArray> arrays = new LinkedHashMap<>(weights);
    for (String text : fixed) {
      int equals = text.lastIndexOf('=');
      WrongCall.check(equals > 0, "--fix %s names no input. Give it as in --fix sr=16000.", text);
      WrongCall.check(arrays.put(text.substring(0, equals), number(text.substring(equals + 1), text)) == null,
          "--fix %s gives the input a value for the second time.", text);
    }
    return ModelFiles.read(file, arrays);
  }

  /** A whole number as an integer, another as a float. */
  private static NdArray number(String digits, String text) {
    try {
      return new NdArray(Element.I64, List.of(), MemorySegment.ofArray(new long[]{Long.parseLong(digits)}));
    } catch (NumberFormatException _) {
      // then it has a fraction, or is none
    }
    try {
      return NdArray.of(List.of(), Float.parseFloat(digits));
    } catch (NumberFormatException _) {
      throw WrongCall.of("--fix %s gives no number. Give it as in --fix sr=16000.", text);
    }
  }
}
