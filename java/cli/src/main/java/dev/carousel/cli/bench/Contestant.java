package dev.carousel.cli.bench;

/** A device that has done the work once, and does it again in its turns. */
interface Contestant extends AutoCloseable {
  /** The error of its first result in units of the tolerance. */
  double worst();

  /** Does the work so many times, and returns the nanoseconds that it took. */
  long turn(int times) throws Lost;

  @Override
  void close();

  /** A device that does not go on: it was wrong, or it broke down. */
  final class Lost extends Exception {
    private static final long serialVersionUID = 1;

    Lost(String reason) {
      super(reason);
    }
  }
}
