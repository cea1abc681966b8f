package dev.carousel;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** A model that outgrows what the JVM gives off the heap is refused by what to do, in a JVM of its own. */
final class SmallJvmTest {
  private static final int UNITS = 2048; // 134 MB of weights

  /** Makes weights, and says what came of it. */
  static final class Service {
    public static void main(String[] arguments) {
      Network network = Network.of(Lstm.of(UNITS, UNITS));
      try {
        Weights.seeded(network, Initialisation.PYTORCH, 1);
        System.out.println("enough");
      } catch (IllegalArgumentException refused) {
        System.out.println("refused: " + refused.getMessage());
      }
    }
  }

  private static String said(String... options) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "-Xmx64m", "-cp", System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"))));
    command.addAll(List.of(options));
    command.add(Service.class.getName());
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    return text.strip();
  }

  @Test
  void theOptionThatGivesMoreIsNamed() throws Exception {
    assertThat(said()).startsWith("refused: Tensor ").contains("67108864 bytes").contains("-XX:MaxDirectMemorySize")
        .doesNotContain("\n");
  }

  @Test
  void theOptionGivesMore() throws Exception {
    assertThat(said("-XX:MaxDirectMemorySize=1g")).isEqualTo("enough");
  }
}
