package dev.carousel.cli;

import java.io.PrintWriter;
import java.io.StringWriter;

/**
 * A call of the command in this process.
 *
 * @param out what it printed
 * @param errors what it printed to standard error
 */
record Call(int status, String out, String errors) {
  static Call of(Object... arguments) {
    String[] texts = new String[arguments.length];
    for (int i = 0; i < texts.length; i++) {
      texts[i] = arguments[i].toString();
    }
    StringWriter out = new StringWriter();
    StringWriter errors = new StringWriter();
    int status = Carousel.execute(new PrintWriter(out), new PrintWriter(errors), texts);
    return new Call(status, out.toString(), errors.toString());
  }
}
