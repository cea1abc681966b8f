package dev.carousel.cli.page;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Text of HTML or SVG under construction, well-formed as XML. Whatever is put in as text or as an attribute's value stays
 * text there.
 */
public final class Markup {
  private final StringBuilder text = new StringBuilder();
  private final Deque<String> open = new ArrayDeque<>();

  /** An element's start; attributes as name, value, name, value. */
  public Markup open(String element, String... attributes) {
    start(element, attributes);
    text.append('>');
    open.push(element);
    return this;
  }

  /** The end of the element that was opened last. */
  public Markup close() {
    text.append("</").append(open.pop()).append('>');
    return this;
  }

  /** The end of the element that was opened last, and of a line. */
  public Markup closeLine() {
    close();
    text.append('\n');
    return this;
  }

  /** An element without content. */
  public Markup empty(String element, String... attributes) {
    start(element, attributes);
    text.append("/>");
    return this;
  }

  /** An element that holds text. */
  public Markup element(String element, String content, String... attributes) {
    return open(element, attributes).text(content).close();
  }

  /** Text. */
  public Markup text(String content) {
    escape(content);
    return this;
  }

  /** An id, in which a line may break behind slashes and before what says more. */
  public Markup id(String id) {
    int from = 0;
    for (int i = 1; i < id.length(); i++) {
      if (id.charAt(i - 1) == '/' || id.charAt(i) == '@') {
        text(id.substring(from, i)).empty("wbr");
        from = i;
      }
    }
    return text(id.substring(from));
  }

  /** Markup that was made before, or a style sheet. */
  public Markup verbatim(String markup) {
    text.append(markup);
    return this;
  }

  private void start(String element, String... attributes) {
    text.append('<').append(element);
    for (int i = 0; i < attributes.length; i += 2) {
      text.append(' ').append(attributes[i]).append("=\"");
      escape(attributes[i + 1]);
      text.append('"');
    }
  }

  /** Control characters, which XML has no way to write, become the sign for what cannot be shown. */
  private void escape(String content) {
    content.codePoints().forEach(c -> {
      switch (c) {
        case '<' -> text.append("&lt;");
        case '>' -> text.append("&gt;");
        case '&' -> text.append("&amp;");
        case '"' -> text.append("&quot;");
        default -> text.appendCodePoint(written(c) ? c : 0xFFFD);
      }
    });
  }

  private static boolean written(int c) {
    boolean surrogate = c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE;
    return c == '\t' || c == '\n'
        || (c >= ' ' && !surrogate && c != 0xFFFE && c != 0xFFFF && !(c >= 0x7f && c <= 0x9f));
  }

  /** The text; every element must have ended. */
  @Override
  public String toString() {
    if (!open.isEmpty()) {
      throw new IllegalStateException("The elements " + open + " have not ended.");
    }
    return text.toString();
  }
}
