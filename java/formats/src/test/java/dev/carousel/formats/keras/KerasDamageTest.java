package dev.carousel.formats.keras;

import dev.carousel.formats.damage.Mutations;
import dev.carousel.formats.damage.TrialRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class KerasDamageTest {

  @ParameterizedTest
  @ValueSource(strings = {"gru_before.h5", "latest_hdf5.h5", "functional_3_mask.keras", "ordered_groups.keras",
      "numbered.weights.h5", "numbered_alone.weights.h5"})
  void damageIsRefusedOrHarmless(String name, @TempDir Path folder) throws IOException {
    Path config = KerasFiles.file("numbered.json");
    Files.copy(config, folder.resolve("numbered.json"));
    Mutations.survive(folder, name, Files.readAllBytes(KerasFiles.file(name)),
        damaged -> TrialRun.of(KerasFile.read(damaged)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"functional_3_mask.keras", "ordered_groups.keras", "backwards_steps.keras"})
  void aConfigurationThatSaysSomethingElseIsRefusedOrRuns(String name, @TempDir Path folder) throws IOException {
    Mutations.survive(folder, "said-" + name, Files.readAllBytes(KerasFiles.file(name)), ArchiveDamage::apply,
        file -> TrialRun.of(KerasFile.read(file)));
  }
}
