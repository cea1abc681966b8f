package dev.carousel.cpu.library;

import java.util.Locale;

/** The system and the architecture of this process, in the words of the folders that hold native code. */
record Platform(String system, String architecture) {
  /** The one that this JVM runs on. */
  static Platform present() {
    String system = System.getProperty("os.name", "").toLowerCase(Locale.ROOT);
    String architecture = System.getProperty("os.arch", "");
    return new Platform(
        system.startsWith("linux") ? "linux" : system.startsWith("mac") ? "darwin" : system.split(" ", 2)[0],
        switch (architecture) {
          case "amd64", "x86-64", "x64" -> "x86_64";
          case "arm64" -> "aarch64";
          default -> architecture;
        });
  }

  /** {@code linux-x86_64}. */
  @Override
  public String toString() {
    return system + "-" + architecture;
  }
}
