package dev.carousel;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ReadmeTest {
  @Test
  void theFirstProgramCompilesAndRuns(@TempDir Path folder) throws Exception {
    assertThat(output("A first program", folder)).contains("first row: [0.", "2  scan forward",
        "softmax(output[T*B,10])");
  }

  @Test
  void theGraphCompilesAndRuns(@TempDir Path folder) throws Exception {
    assertThat(output("A graph", folder)).contains("(T-1)/2+1 of 20 steps: 10");
  }

  @Test
  void theProgramAfterTheNetworkCompilesAndRuns(@TempDir Path folder) throws Exception {
    assertThat(output("After the network", folder)).contains("[[Transcript[labels=[0], logProbability=-0.446",
        "[Tagging[tags=[1, 1], score=1.2", "[Hypothesis[labels=[");
  }

  /** What the program of a section prints. */
  private static String output(String section, Path folder) throws Exception {
    Path root = Path.of(Objects.requireNonNull(System.getProperty("carousel.root"), "carousel.root, the checkout"));
    Matcher program = Pattern.compile("## " + section + "\\s.*?```java\\n(.*?)```", Pattern.DOTALL)
        .matcher(Files.readString(root.resolve("README.md")));
    assertThat(program.find()).as("a program in the README under: %s", section).isTrue();
    assertThat(program.group(1).lines().count()).as("its lines").isLessThan(25);
    Path source = Files.writeString(folder.resolve("Program.java"), program.group(1));

    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    String modules = root.resolve("java/spi/target/classes") + System.getProperty("path.separator")
        + root.resolve("java/core/target/classes");
    Process process = new ProcessBuilder(java, "--module-path", modules, "--add-modules", "dev.carousel.core",
        source.toString()).redirectErrorStream(true).start();
    String output;
    try (Reader reader = new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8)) {
      output = reader.readAllAsString();
    }
    assertThat(process.waitFor()).as(output).isZero();
    return output;
  }
}
