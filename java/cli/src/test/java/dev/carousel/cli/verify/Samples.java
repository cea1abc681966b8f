package dev.carousel.cli.verify;

import dev.carousel.cli.machine.Machine;
import dev.carousel.conformance.Outcome;
import dev.carousel.spi.Device;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/** A verification with a device of each standing, one of them with a name that would break a page. */
final class Samples {
  static final String HOSTILE = "opencl/</script><b>&\"'\u0007/0";
  static final List<Question> QUESTIONS = questions();

  private Samples() {}

  private static List<Question> questions() {
    List<Question> questions = new ArrayList<>();
    for (String subject : List.of("activation", "lstm", "softmax")) {
      questions.add(new Question("operation", subject, subject.replace(' ', '_') + "_h8"));
    }
    for (String subject : List.of("gru after", "gru before", "lstm", "lstm peephole", "rnn", "rnn relu")) {
      questions.add(new Question("layer", subject, subject.replace(' ', '_') + "_forward_i9_h16_t6_b9_ragged"));
      questions.add(new Question("layer", subject, subject.replace(' ', '_') + "_concat_i33_h64_t4_b3"));
    }
    questions.add(new Question("session", "wrong calls", "wrong_steps_0"));
    return questions;
  }

  static Verification all() {
    List<DeviceResult> devices = List.of(
        result(device("cpu/fused", "own kernels, AVX-512 (F, DQ, BW, VL)"), 1.25, QUESTIONS.size(), Optional.empty()),
        result(device(HOSTILE, "A <b>card</b> & more (Vendor, Inc.), OpenCL 3.0, driver 1.2.3"), 12.5,
            QUESTIONS.size(), Optional.empty()),
        result(device("opencl/broken/0", "A device (Vendor, Inc.), OpenCL 1.2, driver 0.9"), 3, 9,
            Optional.of("Its process crashed in " + QUESTIONS.get(9).path() + ": ended by signal 11 (SIGSEGV).")),
        DeviceResult.unavailable(new Device("opencl/none/0", "a card", 1, Optional.of("Its driver has no compiler."))));
    return new Verification("1.2.3", Instant.parse("2026-02-03T04:05:06Z"),
        new Machine("Linux 6.1", "amd64", "A processor", 8, "OpenJDK 25"), "conformance suite",
        new Calls(Optional.empty(), List.of(), List.of(), List.of()), QUESTIONS, devices);
  }

  /** One right device. */
  static Verification right() {
    Verification all = all();
    return new Verification(all.version(), all.when(), all.machine(), all.title(), all.calls(), all.questions(),
        all.devices().subList(0, 1));
  }

  private static Device device(String id, String description) {
    return new Device(id, description, 1, Optional.empty());
  }

  private static DeviceResult result(Device device, double seconds, int answered, Optional<String> broken) {
    List<Answer> answers = new ArrayList<>();
    for (int i = 0; i < answered; i++) {
      answers.add(new Answer(QUESTIONS.get(i), outcome(device, i), 0.01));
    }
    return new DeviceResult(device, answers, seconds, broken);
  }

  private static Outcome outcome(Device device, int i) {
    boolean hostile = device.id().equals(HOSTILE);
    String subject = QUESTIONS.get(i).subject();
    if (hostile && subject.equals("lstm peephole")) {
      return new Outcome(Outcome.Kind.FAIL,
          "slot output[T*B,16], row 3, column 1 is NaN instead of 0.25, <i>far</i> off",
          i % 2 == 0 ? OptionalDouble.of(37.25) : OptionalDouble.of(Double.POSITIVE_INFINITY));
    }
    if (hostile && subject.equals("wrong calls")) {
      return new Outcome(Outcome.Kind.FAIL, "was not refused", OptionalDouble.empty());
    }
    if (hostile && (subject.equals("gru before") || (subject.equals("gru after") && i % 2 == 0))) {
      return Outcome.unsupported(List.of("It has no kernel for it."));
    }
    return new Outcome(Outcome.Kind.PASS, "", subject.equals("wrong calls") ? OptionalDouble.empty()
        : OptionalDouble.of(i % 5 == 0 ? 0 : 0.9 / (1 + 7 * i)));
  }
}
