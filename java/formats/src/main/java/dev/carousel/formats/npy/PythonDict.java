package dev.carousel.formats.npy;

import dev.carousel.formats.data.FormatException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The literal of Python in a header: just the three members that numpy writes, in any order, each once. */
record PythonDict(String descr, boolean fortran, List<Long> shape) {

  static PythonDict read(String literal, String what) throws FormatException {
    return new Reader(literal, what).read();
  }

  /** Goes over the literal once; none of it nests, so there is no depth to bound. */
  private static final class Reader {
    private final String literal;
    private final String what;
    private int at;
    private Optional<String> descr = Optional.empty();
    private Optional<Boolean> fortran = Optional.empty();
    private Optional<List<Long>> shape = Optional.empty();

    Reader(String literal, String what) {
      this.literal = literal;
      this.what = what;
    }

    PythonDict read() throws FormatException {
      need('{');
      while (!took('}')) {
        member();
        if (!took(',')) {
          need('}');
          break;
        }
      }
      space();
      check(at == literal.length(), "the end");
      check(descr.isPresent() && fortran.isPresent() && shape.isPresent(), "descr, fortran_order and shape before it");
      return new PythonDict(descr.orElseThrow(), fortran.orElseThrow(), shape.orElseThrow());
    }

    private void member() throws FormatException {
      String name = text();
      need(':');
      switch (name) {
        case "descr" -> {
          check(descr.isEmpty(), "descr but once");
          FormatException.check(!took('['), "%s holds records of several fields. Save each field as an array of its"
              + " own.", what);
          descr = Optional.of(text());
        }
        case "fortran_order" -> {
          check(fortran.isEmpty(), "fortran_order but once");
          fortran = Optional.of(truth());
        }
        case "shape" -> {
          check(shape.isEmpty(), "shape but once");
          shape = Optional.of(tuple());
        }
        default -> check(false, "descr, fortran_order or shape before it");
      }
    }

    private String text() throws FormatException {
      space();
      check(at < literal.length() && (literal.charAt(at) == '\'' || literal.charAt(at) == '"'), "a string");
      int end = literal.indexOf(literal.charAt(at), at + 1);
      check(end > 0 && literal.substring(at, end).chars().noneMatch(c -> c == '\\' || c < ' '), "a plain string");
      String text = literal.substring(at + 1, end);
      at = end + 1;
      return text;
    }

    private boolean truth() throws FormatException {
      space();
      boolean truth = literal.startsWith("True", at);
      check(truth || literal.startsWith("False", at), "True or False");
      at += truth ? 4 : 5;
      return truth;
    }

    /** A tuple of one has a comma behind it; without, the brackets mean nothing in Python. */
    private List<Long> tuple() throws FormatException {
      List<Long> sizes = new ArrayList<>();
      need('(');
      boolean comma = true;
      while (!took(')')) {
        check(comma, "a comma or a bracket");
        sizes.add(size());
        comma = took(',');
      }
      check(comma || sizes.size() != 1, "a comma in the tuple of one before it");
      return sizes;
    }

    private long size() throws FormatException {
      space();
      int start = at;
      while (at < literal.length() && literal.charAt(at) >= '0' && literal.charAt(at) <= '9') {
        at++;
      }
      check(at > start && at - start <= 19, "a size");
      String digits = literal.substring(start, at);
      took('L'); // as Python 2 wrote it
      try {
        return Long.parseLong(digits);
      } catch (NumberFormatException tooLarge) {
        throw new FormatException(what + " has a dimension of " + digits + ", more than a file holds.", tooLarge);
      }
    }

    private boolean took(char c) {
      space();
      boolean there = at < literal.length() && literal.charAt(at) == c;
      at += there ? 1 : 0;
      return there;
    }

    private void need(char c) throws FormatException {
      check(took(c), "'" + c + "'");
    }

    private void space() {
      while (at < literal.length() && " \n\t".indexOf(literal.charAt(at)) >= 0) {
        at++;
      }
    }

    private void check(boolean holds, String wanted) throws FormatException {
      FormatException.check(holds, "The header of %s needs %s at character %d of %d. The file is damaged.", what,
          wanted,
          at, literal.length());
    }
  }
}
