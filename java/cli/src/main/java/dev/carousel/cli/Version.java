package dev.carousel.cli;

import picocli.CommandLine.IVersionProvider;

/** The version of the command, as the build wrote it into the jar, and of the Java that runs it. */
final class Version implements IVersionProvider {
  @Override
  public String[] getVersion() {
    String version = Carousel.class.getPackage().getImplementationVersion();
    return new String[]{"carousel " + (version == null ? "(not from a jar)" : version) + ", Java "
        + Runtime.version()};
  }
}
