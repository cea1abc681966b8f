package dev.carousel.cli.model;

import dev.carousel.formats.model.Axis;
import dev.carousel.formats.model.Port;
import dev.carousel.formats.model.Signature;
import dev.carousel.spi.Order;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** The order of steps and sequences, as the option {@code --layout} names it. */
public final class LayoutConverter implements ITypeConverter<Order> {
  /** For picocli. */
  public LayoutConverter() {}

  @Override
  public Order convert(String value) {
    return switch (value) {
      case "time" -> Order.TIME_MAJOR;
      case "batch" -> Order.BATCH_MAJOR;
      default -> throw new TypeConversionException("'" + value + "' is neither time nor batch");
    };
  }

  /** A signature whose ports have steps and sequences in such an order, where they have both. */
  public static Signature arranged(Signature signature, Order order) {
    return new Signature(signature.inputs().stream().map(port -> arranged(port, order)).toList(),
        signature.outputs().stream().map(port -> arranged(port, order)).toList(), signature.padding(),
        signature.mask());
  }

  private static Port arranged(Port port, Order order) {
    List<Axis> axes = new ArrayList<>(port.axes());
    int batch = axes.indexOf(Axis.BATCH);
    int steps = Math.max(axes.indexOf(Axis.STEPS), axes.indexOf(Axis.REVERSED_STEPS));
    if (batch >= 0 && steps >= 0 && batch < steps != (order == Order.BATCH_MAJOR)) {
      Collections.swap(axes, batch, steps);
    }
    return new Port(port.name(), port.content(), port.parts(), port.element(), axes);
  }
}
