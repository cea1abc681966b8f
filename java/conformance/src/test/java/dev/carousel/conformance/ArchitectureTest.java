package dev.carousel.conformance;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/** The arrows of the house: they run one way. */
final class ArchitectureTest {
  private static final JavaClasses HOUSE = new ClassFileImporter()
      .withImportOption(new ImportOption.DoNotIncludeTests()).importPackages("dev.carousel");
  private static final String SPI = "dev.carousel.spi..";
  private static final DescribedPredicate<JavaClass> CORE = resideInAnyPackage("dev.carousel",
      "dev.carousel.decoding", "dev.carousel.reference");
  private static final DescribedPredicate<JavaClass> OUTSIDE = resideInAnyPackage("java..", "org.jspecify..",
      "com.sun.management");

  @Test
  void theHouseIsImported() {
    assertThat(HOUSE.contain("dev.carousel.spi.form.Program")).isTrue();
    assertThat(HOUSE.contain("dev.carousel.Model")).isTrue();
    assertThat(HOUSE.contain("dev.carousel.conformance.Suite")).isTrue();
  }

  @Test
  void theSpiNeedsNothing() {
    classes().that().resideInAPackage(SPI).should()
        .onlyDependOnClassesThat(resideInAPackage(SPI).or(OUTSIDE)).check(HOUSE);
  }

  /** The form, the contract, the runtime: each needs those before it only, so that each can be read alone. */
  @Test
  void theFormNeedsNothingAndTheContractNoRuntime() {
    classes().that().resideInAPackage("dev.carousel.spi.form").should()
        .onlyDependOnClassesThat(resideInAPackage("dev.carousel.spi.form").or(OUTSIDE)).check(HOUSE);
    classes().that().resideInAPackage("dev.carousel.spi").should()
        .onlyDependOnClassesThat(resideInAnyPackage("dev.carousel.spi", "dev.carousel.spi.form").or(OUTSIDE))
        .check(HOUSE);
  }

  @Test
  void theCoreNeedsTheSpiAndSeesNoBackEndByName() {
    classes().that(CORE).should().onlyDependOnClassesThat(CORE.or(resideInAPackage(SPI)).or(OUTSIDE)).check(HOUSE);
    noClasses().that().resideInAnyPackage("dev.carousel", "dev.carousel.decoding").should().dependOnClassesThat()
        .resideInAPackage("dev.carousel.reference").check(HOUSE);
  }

  @Test
  void theReferenceIsABackEndLikeAnyOther() {
    classes().that().resideInAPackage("dev.carousel.reference").should()
        .onlyDependOnClassesThat(resideInAnyPackage("dev.carousel.reference", SPI).or(OUTSIDE)).check(HOUSE);
  }

  @Test
  void theSuiteDoesNotKnowJUnitButItsAdapterDoes() {
    noClasses().that().resideInAPackage("dev.carousel.conformance").should().dependOnClassesThat()
        .resideInAnyPackage("org.junit..", "dev.carousel.conformance.junit").check(HOUSE);
  }

  @Test
  void packagesHaveNoCycles() {
    slices().matching("dev.(**)").should().beFreeOfCycles().check(HOUSE);
  }

  @Test
  void nothingStaticChangesAndLoggingIsTheSystems() {
    fields().that().areStatic().and().areDeclaredInClassesThat(describe("are ours", type -> !type.isAnonymousClass()))
        .should().beFinal().check(HOUSE);
    noClasses().should().dependOnClassesThat().resideInAPackage("java.util.logging..").check(HOUSE);
  }
}
