package dev.carousel.cli.verify;

import dev.carousel.cli.devices.Machinery;
import dev.carousel.cli.devices.OwnFolder;
import dev.carousel.cli.devices.Place;
import dev.carousel.cli.machine.Machine;
import dev.carousel.cli.verify.DeviceResult.Log;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** One device after the other is asked the same questions, in this process or in one of its own. */
record Round(Exam exam, List<Question> questions, Calls calls, Machinery machinery, PrintWriter errors) {
  private static final Duration PATIENCE = Duration.ofMinutes(5); // simulators take a minute for a case

  Verification verify(List<Place> places) throws IOException {
    Instant start = Instant.now().truncatedTo(ChronoUnit.SECONDS);
    ProgressLine progress = new ProgressLine(errors, ProgressLine.wanted());
    List<DeviceResult> results = new ArrayList<>();
    long there = places.stream().filter(place -> place.device().available()).count();
    int number = 0;
    for (Place place : places) {
      if (place.device().available()) {
        results.add(ask(place, progress.follow(place.device(), ++number, (int) there, questions.size())));
      } else {
        results.add(DeviceResult.unavailable(place.device()));
      }
    }
    progress.clear();
    String version = Round.class.getPackage().getImplementationVersion();
    return new Verification(version == null ? "(not from a jar)" : version, start, Machine.here(), exam.title(),
        calls, questions, results);
  }

  private DeviceResult ask(Place place, Consumer<Event> listener) throws IOException {
    Log log = new Log(place.device());
    if (place.own()) {
      try (OwnFolder folder = OwnFolder.create()) {
        new Child(machinery.launch().process(place, calls.child(place.there()), folder.path()), PATIENCE).examine(log,
            listener);
      }
    } else {
      new Examiner(exam, questions).examine(place.device(), log.andThen(listener));
    }
    return log.result();
  }
}
