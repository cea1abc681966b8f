package dev.carousel.bench.cold;

/** A program that does nothing: the JVM alone. */
public final class EmptyStart {
  private EmptyStart() {}

  /** Says something. */
  public static void main(String[] arguments) {
    System.out.println("started");
  }
}
