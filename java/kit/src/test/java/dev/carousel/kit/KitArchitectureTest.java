package dev.carousel.kit;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/** The room below the back ends sees the SPI, and neither a back end nor the user's side. */
final class KitArchitectureTest {
  private static final JavaClasses ROOM = new ClassFileImporter()
      .withImportOption(new ImportOption.DoNotIncludeTests()).importPackages("dev.carousel.kit");

  @Test
  void theRoomIsImported() {
    assertThat(ROOM.contain("dev.carousel.kit.Fusion")).isTrue();
  }

  @Test
  void itNeedsTheSpiOnly() {
    classes().should().onlyDependOnClassesThat()
        .resideInAnyPackage("dev.carousel.kit", "dev.carousel.spi..", "java..", "org.jspecify..").check(ROOM);
  }
}
