package dev.carousel.cli;

import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.syntax.ArchRuleDefinition;
import org.junit.jupiter.api.Test;

/** The command's packages stand one above the other, and none knows a back end: devices are found by their ids. */
final class CliArchitectureTest {
  private static final JavaClasses ROOM = new ClassFileImporter()
      .withImportOption(new ImportOption.DoNotIncludeTests()).importPackages("dev.carousel.cli");

  @Test
  void theRoomIsImported() {
    assertThat(ROOM.contain("dev.carousel.cli.Carousel")).isTrue();
  }

  @Test
  void noBackEndIsKnownByName() {
    ArchRuleDefinition.noClasses().should().dependOnClassesThat()
        .resideInAnyPackage("dev.carousel.cpu..", "dev.carousel.opencl..", "org.jocl").check(ROOM);
  }

  @Test
  void packagesHaveNoCycles() {
    slices().matching("dev.carousel.(**)").should().beFreeOfCycles().check(ROOM);
  }
}
