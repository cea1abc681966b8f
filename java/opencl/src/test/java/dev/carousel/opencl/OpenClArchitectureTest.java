package dev.carousel.opencl;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/** The back end sees the SPI, what back ends share, and JOCL; its packages stand one above the other. */
final class OpenClArchitectureTest {
  private static final JavaClasses ROOM = new ClassFileImporter()
      .withImportOption(new ImportOption.DoNotIncludeTests()).importPackages("dev.carousel.opencl");

  @Test
  void theRoomIsImported() {
    assertThat(ROOM.contain("dev.carousel.opencl.OpenClProvider")).isTrue();
  }

  @Test
  void itNeedsTheSpiTheKitAndJoclOnly() {
    classes().should().onlyDependOnClassesThat().resideInAnyPackage("dev.carousel.opencl..", "dev.carousel.kit",
        "dev.carousel.spi..", "org.jocl", "java..", "org.jspecify..").check(ROOM);
  }

  @Test
  void packagesHaveNoCycles() {
    slices().matching("dev.carousel.(**)").should().beFreeOfCycles().check(ROOM);
  }
}
