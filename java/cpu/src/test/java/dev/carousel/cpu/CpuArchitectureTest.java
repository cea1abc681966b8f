package dev.carousel.cpu;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/** A back end sees the SPI and the fusion, and nothing of the user's side; of its two halves neither sees the other. */
final class CpuArchitectureTest {
  private static final JavaClasses ROOM = new ClassFileImporter()
      .withImportOption(new ImportOption.DoNotIncludeTests()).importPackages("dev.carousel.cpu");

  @Test
  void theRoomIsImported() {
    assertThat(ROOM.contain("dev.carousel.cpu.CpuProvider")).isTrue();
  }

  @Test
  void itNeedsTheSpiAndTheFusionOnly() {
    classes().that().resideInAPackage("dev.carousel.cpu..").should().onlyDependOnClassesThat()
        .resideInAnyPackage("dev.carousel.cpu..", "dev.carousel.kit", "dev.carousel.spi..", "java..",
            "org.jspecify..")
        .check(ROOM);
  }

  @Test
  void theTwoBackEndsDoNotSeeEachOther() {
    noClasses().that().resideInAPackage("..fused..").should().dependOnClassesThat().resideInAPackage("..openblas..")
        .check(ROOM);
    noClasses().that().resideInAPackage("..openblas..").should().dependOnClassesThat().resideInAPackage("..fused..")
        .check(ROOM);
  }

  @Test
  void packagesHaveNoCycles() {
    slices().matching("dev.carousel.(**)").should().beFreeOfCycles().check(ROOM);
  }
}
