package dev.carousel.cli.page;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** The look of all reports: quiet, in one accent, light or dark as the reader's system is. */
public final class Style {
  private Style() {}

  /** The style sheet of a report. */
  public static String sheet() {
    try (InputStream sheet = Style.class.getResourceAsStream("report.css")) {
      if (sheet == null) {
        throw new IllegalStateException("The style sheet report.css is missing beside " + Style.class + ".");
      }
      return new String(sheet.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException broken) {
      throw new UncheckedIOException(broken);
    }
  }
}
