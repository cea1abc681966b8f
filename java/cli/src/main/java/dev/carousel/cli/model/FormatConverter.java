package dev.carousel.cli.model;

import dev.carousel.formats.ModelFiles;
import java.util.Locale;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** A format, as the option {@code --to} names it. */
final class FormatConverter implements ITypeConverter<ModelFiles.Format> {
  @Override
  public ModelFiles.Format convert(String value) {
    for (ModelFiles.Format format : ModelFiles.Format.values()) {
      if (format.name().toLowerCase(Locale.ROOT).equals(value)) {
        return format;
      }
    }
    throw new TypeConversionException("'" + value + "' is none of carousel, pytorch and onnx");
  }
}
