package dev.carousel.cli.verify;

import dev.carousel.conformance.Outcome;
import dev.carousel.spi.Device;
import java.util.List;

/** What devices are held to: a list of questions, and the reference's answers to them. */
interface Exam extends AutoCloseable {
  /** What it is, for people: {@code conformance suite}. */
  String title();

  /** The questions in their order. */
  List<Question> questions();

  /** Opens a device to be asked. */
  Candidate open(Device device);

  @Override
  void close();

  /** An opened device. */
  interface Candidate extends AutoCloseable {
    /** Its answer beside the reference's. */
    Outcome answer(Question question);

    @Override
    void close();
  }

  /** The questions that a part of a path selects: the one of just that path, or all whose path contains it. */
  static List<Question> select(List<Question> questions, String part) {
    List<Question> exact = questions.stream().filter(question -> question.path().equals(part)).toList();
    return exact.isEmpty() ? questions.stream().filter(question -> question.path().contains(part)).toList() : exact;
  }
}
