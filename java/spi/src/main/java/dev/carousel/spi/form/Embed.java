package dev.carousel.spi.form;

/** The look-up of rows in a table: {@code out = table[index]}; every index is a row of the table. */
public record Embed(View indices, Slot table, View out) implements Operation {
  public Embed {
    Check.argument(indices.slot().element() == Slot.Element.I32 && indices.columns() == 1,
        "embed is to look up by %s of %s: it takes one column of I32.", indices, indices.slot().element());
    Check.writable("embed", out);
    Check.parameter("embed to " + out, table, table.rows(), out.columns());
  }
}
