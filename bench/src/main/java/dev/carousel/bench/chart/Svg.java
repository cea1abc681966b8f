package dev.carousel.bench.chart;

import java.util.List;
import java.util.Locale;

/** A picture that grows: shapes and words, in pixels from the upper left corner. */
final class Svg {
  static final String INK = "#1f2933";
  static final String FAINT = "#66737f";
  static final String GRID = "#e3e7eb";

  private final StringBuilder body = new StringBuilder();

  /** Where words stand from their place. */
  enum Anchor {
    START, MIDDLE, END
  }

  /**
   * How words look.
   *
   * @param size in pixels
   */
  record Style(double size, String colour, boolean bold, Anchor anchor) {
    static Style of(double size, String colour) {
      return new Style(size, colour, false, Anchor.START);
    }

    Style strong() {
      return new Style(size, colour, true, anchor);
    }

    Style at(Anchor other) {
      return new Style(size, colour, bold, other);
    }
  }

  void text(double x, double y, String words, Style style) {
    add("<text x=\"%.1f\" y=\"%.1f\" font-size=\"%.1f\" fill=\"%s\" text-anchor=\"%s\"%s>%s</text>", x, y, style.size,
        style.colour, style.anchor.name().toLowerCase(Locale.ROOT), style.bold ? " font-weight=\"bold\"" : "",
        escape(words));
  }

  /** Words that keep lines away from them. */
  void clear(double x, double y, String words, Style style) {
    body.append("<g paint-order=\"stroke\" stroke=\"#ffffff\" stroke-width=\"5\">");
    text(x, y, words, style);
    body.append("</g>\n");
  }

  void bar(double x, double y, double width, double height, String colour) {
    add("<rect x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\" fill=\"%s\"/>", x, y, width, height, colour);
  }

  void line(double x1, double y1, double x2, double y2, String colour, double thickness) {
    add("<line x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\" stroke=\"%s\" stroke-width=\"%.1f\"/>", x1, y1, x2, y2,
        colour, thickness);
  }

  void dashes(double x1, double y1, double x2, double y2, String colour) {
    add("<line x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\" stroke=\"%s\" stroke-dasharray=\"4 3\"/>", x1, y1, x2,
        y2, colour);
  }

  /** A line that leads from a thing to its name. */
  void dots(double x1, double y1, double x2, double y2, String colour) {
    add("<line x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\" stroke=\"%s\" stroke-width=\"0.8\""
        + " stroke-dasharray=\"1 3\"/>", x1, y1, x2, y2, colour);
  }

  void dot(double x, double y, double radius, String colour) {
    add("<circle cx=\"%.1f\" cy=\"%.1f\" r=\"%.1f\" fill=\"%s\"/>", x, y, radius, colour);
  }

  /** A line through points, each {@code x, y}. */
  void curve(List<double[]> points, String colour, double thickness) {
    StringBuilder path = new StringBuilder();
    points.forEach(point -> path.append(String.format(Locale.ROOT, "%.1f,%.1f ", point[0], point[1])));
    add("<polyline points=\"%s\" fill=\"none\" stroke=\"%s\" stroke-width=\"%.1f\" stroke-linejoin=\"round\"/>",
        path.toString().trim(), colour, thickness);
  }

  private void add(String format, Object... values) {
    body.append(String.format(Locale.ROOT, format, values)).append('\n');
  }

  private static String escape(String words) {
    return words.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
  }

  /** The document, on white. */
  String document(double width, double height) {
    return String.format(Locale.ROOT,
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%.0f\" height=\"%.0f\" viewBox=\"0 0 %.0f %.0f\""
            + " font-family=\"Helvetica, Arial, 'DejaVu Sans', sans-serif\">%n"
            + "<rect width=\"100%%\" height=\"100%%\" fill=\"#ffffff\"/>%n%s</svg>%n",
        width, height, width, height, body);
  }
}
