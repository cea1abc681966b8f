package dev.carousel.cli.devices;

import dev.carousel.spi.Device;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The devices of OpenCL, without its drivers in this process: each is asked in one of its own, all at the same time.
 *
 * @param environment of those processes, which loaders and drivers read
 * @param patience how many seconds a driver is waited for
 */
public record Drivers(Map<String, String> environment, long patience) {
  private static final long USUAL = 20; // seconds, as the back end itself has it

  /** With the patience that the back end has. */
  public Drivers(Map<String, String> environment) {
    this(environment, Long.getLong(Question.PATIENCE, USUAL));
  }

  /** The devices, or for a driver that has none to use a line that says why. */
  public List<Device> devices() throws IOException, InterruptedException {
    return places().stream().map(Place::device).toList();
  }

  /** The same, with the driver of each. */
  public List<Place> places() throws IOException, InterruptedException {
    List<Path> files = Installed.files(environment);
    List<Question> questions = new ArrayList<>();
    try (OwnFolder folder = OwnFolder.create()) {
      try {
        return asked(files, folder.path(), questions);
      } finally {
        questions.forEach(Question::close);
      }
    }
  }

  private List<Place> asked(List<Path> files, Path folder, List<Question> questions)
      throws IOException, InterruptedException {
    if (files.isEmpty()) {
      questions.add(Question.toAll(folder, environment, patience));
    }
    for (Path file : files) {
      questions.add(Question.to(file, Files.createDirectory(folder.resolve("driver" + questions.size())),
          environment, patience));
    }
    List<List<Device>> answers = new ArrayList<>();
    long deadline = System.nanoTime() + Question.nanos(patience);
    for (Question question : questions) {
      answers.add(question.answer(deadline));
    }
    return merged(questions, answers, files);
  }

  /** As one process would list them: one line where all say that there is no loader, and no id twice. */
  private static List<Place> merged(List<Question> questions, List<List<Device>> answers, List<Path> files) {
    List<Device> first = answers.getFirst();
    if (first.getFirst().id().equals(DeviceChoice.OPENCL) && answers.stream().allMatch(first::equals)) {
      return List.of(new Place(first.getFirst(), true, first.getFirst().id(), files.stream().findFirst()));
    }
    List<Place> places = new ArrayList<>();
    Set<String> taken = new HashSet<>();
    for (int i = 0; i < answers.size(); i++) {
      Map<String, String> names = new HashMap<>();
      Optional<Path> file = files.isEmpty() ? Optional.empty() : Optional.of(files.get(i));
      for (Device device : answers.get(i)) {
        places.add(new Place(named(device, questions.get(i), names, taken), true, device.id(), file));
      }
    }
    return places;
  }

  /** A device of one answer under an id that no other answer has. */
  private static Device named(Device device, Question question, Map<String, String> names, Set<String> taken) {
    String[] parts = device.id().split("/", 3);
    boolean loader = parts.length == 1; // it found no platform behind the file, or did not come back
    String name = names.computeIfAbsent(loader ? question.name() : parts[1], platform -> unique(platform, taken));
    return new Device(DeviceChoice.OPENCL + "/" + name + (parts.length == 3 ? "/" + parts[2] : ""),
        loader ? "the driver that " + question.file() + " names" : device.description(), device.priority(),
        device.unavailable());
  }

  /** A platform's name with a number behind it where another one has it: the rule of the back end itself. */
  private static String unique(String name, Set<String> taken) {
    String unique = name;
    for (int i = 2; !taken.add(unique); i++) {
      unique = name + "-" + i;
    }
    return unique;
  }
}
