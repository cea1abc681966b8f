package dev.carousel.cli;

import dev.carousel.Devices;
import java.io.PrintWriter;
import java.io.Writer;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** Does once what a call does: the build runs it to record what the JVM need not work out again at each start. */
@Command(name = "rehearse", hidden = true)
final class RehearseCommand implements Callable<Integer> {
  @Override
  public Integer call() {
    PrintWriter nowhere = new PrintWriter(Writer.nullWriter());
    Carousel.execute(nowhere, nowhere, "--help");
    Carousel.execute(nowhere, nowhere, "no-such-command");
    Devices.list(backEnd -> !backEnd.equals("opencl"));
    return 0;
  }
}
