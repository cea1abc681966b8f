package dev.carousel.cli.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;

final class TableTest {
  @Test
  void cellsStandBelowEachOtherAndLinesHaveNoBlanksAtTheirEnd() {
    Table table = new Table();
    table.add("a", 1, "first");
    table.add("long name", 22, "");
    table.add("a line of one cell that is longer");
    StringWriter text = new StringWriter();
    table.print(new PrintWriter(text));
    assertThat(text.toString().lines()).containsExactly("a          1   first", "long name  22",
        "a line of one cell that is longer");
  }
}
