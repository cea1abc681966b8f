package dev.carousel.cli.devices;

import dev.carousel.spi.Device;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The devices of OpenCL, without its drivers in this process: each is asked in one of its own, all at the same time.
 *
 * @param environment of those processes, which loaders and drivers read
 */
record Drivers(Map<String, String> environment) {

  /** The devices, or for a driver that has none to use a line that says why. */
  List<Device> devices() throws IOException, InterruptedException {
    List<Path> files = Installed.files(environment);
    Path folder = Files.createTempDirectory("carousel-devices");
    List<Question> questions = new ArrayList<>();
    try {
      if (files.isEmpty()) {
        questions.add(Question.toAll(folder, environment));
      }
      for (Path file : files) {
        questions.add(Question.to(file, Files.createDirectory(folder.resolve("driver" + questions.size())),
            environment));
      }
      List<List<Device>> answers = new ArrayList<>();
      long deadline = System.nanoTime() + Question.PATIENCE_NANOS;
      for (Question question : questions) {
        answers.add(question.answer(deadline));
      }
      return merged(questions, answers);
    } finally {
      questions.forEach(Question::close);
      delete(folder);
    }
  }

  /** As one process would list them: one line where all say that there is no loader, and no id twice. */
  private static List<Device> merged(List<Question> questions, List<List<Device>> answers) {
    if (answers.stream().distinct().count() == 1 && answers.getFirst().size() == 1) {
      return answers.getFirst();
    }
    List<Device> devices = new ArrayList<>();
    Set<String> taken = new HashSet<>();
    for (int i = 0; i < answers.size(); i++) {
      Map<String, String> names = new HashMap<>();
      for (Device device : answers.get(i)) {
        String[] parts = device.id().split("/", 3);
        boolean loader = parts.length == 1; // it found no platform behind the file, or did not come back
        String platform = loader ? questions.get(i).name() : parts[1];
        String name = names.computeIfAbsent(platform, first -> unique(first, taken));
        String id = DeviceChoice.OPENCL + "/" + name + (parts.length == 3 ? "/" + parts[2] : "");
        devices.add(new Device(id, loader ? "the driver that " + questions.get(i).file() + " names"
            : device.description(), device.priority(), device.unavailable()));
      }
    }
    return devices;
  }

  /** A platform's name with a number behind it where another one has it: the rule of the back end itself. */
  private static String unique(String name, Set<String> taken) {
    String unique = name;
    for (int i = 2; !taken.add(unique); i++) {
      unique = name + "-" + i;
    }
    return unique;
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    }
  }
}
