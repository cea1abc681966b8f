package dev.carousel.cli.bench;

import dev.carousel.cli.devices.OwnFolder;
import dev.carousel.formats.data.FormatException;
import dev.carousel.formats.json.Json;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * A contestant in a process of its own, since its driver may crash. It is told on its standard input how often to do the
 * work, and answers with a line of JSON behind a record separator; in between it waits.
 */
final class Elsewhere implements Contestant {
  private static final char SEPARATOR = '\u001e';

  private final OwnFolder folder;
  private final Process process;
  private final PrintWriter to;
  private final BufferedReader from;
  private final double worst;

  private Elsewhere(OwnFolder folder, Process process) throws IOException, Lost {
    this.folder = folder;
    this.process = process;
    to = new PrintWriter(process.getOutputStream(), true, StandardCharsets.UTF_8);
    from = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    worst = answer().get("worst").number();
  }

  /** Starts it, and waits until it has done the work once. */
  static Elsewhere open(OwnFolder folder, ProcessBuilder builder) throws IOException, Lost {
    Process process = builder.redirectError(ProcessBuilder.Redirect.DISCARD).start();
    try {
      return new Elsewhere(folder, process);
    } catch (IOException | Lost failure) {
      process.destroyForcibly().onExit().join();
      folder.close();
      throw failure;
    }
  }

  @Override
  public double worst() {
    return worst;
  }

  @Override
  public long turn(int times) throws Lost {
    to.println(times);
    try {
      return answer().get("nanos").whole();
    } catch (IOException broken) {
      throw new Lost("Its process is not understood: " + broken.getMessage());
    }
  }

  private Json answer() throws IOException, Lost {
    for (String line = from.readLine(); line != null; line = from.readLine()) {
      int at = line.lastIndexOf(SEPARATOR);
      if (at >= 0) {
        Json json = Json.parse(line.substring(at + 1));
        Optional<Json> lost = json.find("lost");
        if (lost.isPresent()) {
          throw new Lost(lost.get().text());
        }
        return json;
      }
    }
    try {
      int status = process.waitFor();
      throw new Lost("Its process crashed: it ended " + (status > 128 ? "by signal " + (status - 128)
          : "with status " + status) + ". Look at what 'carousel verify' says of it.");
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new Lost("The wait for its process was interrupted.");
    }
  }

  /** What the process itself does until its input ends. */
  static void serve(BufferedReader in, PrintWriter out, Opening opening) throws IOException {
    try (Contestant contestant = opening.open()) {
      say(out, Json.object("worst", contestant.worst()));
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        say(out, Json.object("nanos", contestant.turn(times(line))));
      }
    } catch (Lost lost) {
      say(out, Json.object("lost", String.valueOf(lost.getMessage())));
    }
  }

  private static int times(String line) throws FormatException {
    return Math.toIntExact(Json.parse(line).whole());
  }

  private static void say(PrintWriter out, Json json) {
    out.print(SEPARATOR + json.compact() + "\n");
    out.flush();
  }

  /** Makes a contestant. */
  interface Opening {
    Contestant open() throws Lost;
  }

  @Override
  public void close() {
    to.close();
    process.destroyForcibly();
    try {
      process.waitFor();
      folder.close();
    } catch (IOException left) {
      System.getLogger(Elsewhere.class.getName()).log(System.Logger.Level.DEBUG, "A folder could not be deleted.",
          left);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
