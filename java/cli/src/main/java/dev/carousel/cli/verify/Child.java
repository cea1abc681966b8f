package dev.carousel.cli.verify;

import dev.carousel.formats.data.FormatException;
import dev.carousel.formats.json.Json;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/**
 * A process of its own in which a device is examined, so that a driver that crashes or hangs takes only that with it.
 *
 * <p>The child tells each event in a line of JSON behind a record separator; whatever else it and its driver print is
 * remembered for their last words. What it has answered before it ends is kept.
 *
 * @param patience how long it may be silent
 */
record Child(ProcessBuilder process, Duration patience) {
  private static final char SEPARATOR = '\u001e'; // as in RFC 7464: no driver prints it
  private static final Map<Integer, String> SIGNALS = Map.of(4, "SIGILL", 5, "SIGTRAP", 6, "SIGABRT", 7, "SIGBUS", 8,
      "SIGFPE", 9, "SIGKILL", 11, "SIGSEGV", 15, "SIGTERM");

  /** What a child does with its events: it prints them. */
  static Consumer<Event> printer(PrintWriter out) {
    return event -> {
      out.print(SEPARATOR + EventJson.of(event).compact() + "\n");
      out.flush(); // what comes next may be the end
    };
  }

  /** Starts it, and tells what happens in it as if it were here; the end is always told. */
  void examine(DeviceResult.Log log, Consumer<Event> listener) {
    long start = System.nanoTime();
    LastWords words = new LastWords();
    Optional<String> broken;
    try {
      broken = listen(log, log.andThen(listener), words);
    } catch (IOException failure) {
      broken = Optional.of("Its process could not be started or read: " + failure.getMessage());
    }
    if (!log.ended()) {
      String reason = broken.orElse("Its process ended too early.");
      log.andThen(listener).accept(new Event.Ended((System.nanoTime() - start) / 1e9, Optional.of(reason
          + words.sentence().map(sentence -> " " + sentence).orElse(""))));
    }
  }

  /** Why there will be no more events, unless all is well. */
  private Optional<String> listen(DeviceResult.Log log, Consumer<Event> listener, LastWords words) throws IOException {
    Process running = process.redirectErrorStream(true).start();
    AtomicLong heard = new AtomicLong(System.nanoTime());
    AtomicBoolean hung = new AtomicBoolean();
    Thread guard = Thread.ofPlatform().daemon().name("carousel-patience").start(() -> watch(running, heard, hung));
    try (BufferedReader lines = new BufferedReader(
        new InputStreamReader(running.getInputStream(), StandardCharsets.UTF_8))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        int at = line.lastIndexOf(SEPARATOR);
        if (at >= 0) {
          heard.set(System.nanoTime());
          listener.accept(EventJson.event(Json.parse(line.substring(at + 1))));
        } else {
          words.add(line);
        }
      }
      int status = running.waitFor();
      return log.ended() ? Optional.empty() : Optional.of(end(log, hung.get(), status));
    } catch (FormatException garbled) {
      return Optional.of("Its process told what is not understood: " + garbled.getMessage());
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      return Optional.of("The wait for its process was interrupted.");
    } finally {
      guard.interrupt();
      running.destroyForcibly();
    }
  }

  private void watch(Process running, AtomicLong heard, AtomicBoolean hung) {
    try {
      while (running.isAlive()) {
        long silence = System.nanoTime() - heard.get();
        if (silence > patience.toNanos()) {
          hung.set(true);
          running.destroyForcibly();
          return;
        }
        Thread.sleep(Math.max(1, Math.min(1000, (patience.toNanos() - silence) / 1_000_000)));
      }
    } catch (InterruptedException done) {
      Thread.currentThread().interrupt();
    }
  }

  private String end(DeviceResult.Log log, boolean hung, int status) {
    String where = log.asked().map(question -> " in " + question.path()).orElse("");
    if (hung) {
      return "Its process hung" + where + ": nothing was heard of it for " + patience.toSeconds() + " s.";
    }
    int signal = status - 128; // as the JVM and shells tell a signal
    return "Its process crashed" + where + (signal > 0
        ? ": ended by signal " + signal + Optional.ofNullable(SIGNALS.get(signal)).map(name -> " (" + name + ")")
            .orElse("") + "."
        : ": ended with status " + status + ".");
  }
}
