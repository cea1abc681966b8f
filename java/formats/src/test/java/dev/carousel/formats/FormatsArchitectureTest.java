package dev.carousel.formats;

import static com.tngtech.archunit.core.domain.JavaCall.Predicates.target;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.assignableTo;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.name;
import static com.tngtech.archunit.core.domain.properties.HasOwner.Predicates.With.owner;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaCall;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.util.zip.Checksum;
import java.util.zip.Inflater;
import org.junit.jupiter.api.Test;

/**
 * Who may touch what a file's cutting takes away. Memory of files is mapped in one place, and native code, which does not
 * survive that such memory goes, is reached in few: each of them takes it from {@code Chunks}, or has memory of its own.
 */
final class FormatsArchitectureTest {
  private static final JavaClasses ROOM = new ClassFileImporter()
      .withImportOption(new ImportOption.DoNotIncludeTests()).importPackages("dev.carousel.formats");
  private static final String DATA = "dev.carousel.formats.data.";

  @Test
  void theRoomIsImported() {
    assertThat(ROOM.contain("dev.carousel.formats.ModelFiles")).isTrue();
  }

  @Test
  void oneClassMapsFiles() {
    only("MappedFile", call(FileChannel.class, "map"));
  }

  @Test
  void oneClassSumsAndOneInflates() {
    noClasses().that().doNotHaveFullyQualifiedName(DATA + "Checksums").should().dependOnClassesThat()
        .areAssignableTo(Checksum.class).check(ROOM);
    noClasses().that().doNotHaveFullyQualifiedName(DATA + "Inflation").should().dependOnClassesThat()
        .areAssignableTo(Inflater.class).check(ROOM);
    noClasses().that().resideOutsideOfPackage("dev.carousel.formats.data").should().dependOnClassesThat()
        .resideInAPackage("java.util.zip").check(ROOM);
  }

  @Test
  void buffersOfMemoryAreMadeWhereItIsNotMapped() {
    noClasses().that().doNotHaveFullyQualifiedName(DATA + "Chunks") // which copies what is mapped
        .and().doNotHaveFullyQualifiedName(DATA + "WholeFile").and().doNotHaveFullyQualifiedName(DATA + "Inflation")
        .and().doNotHaveFullyQualifiedName("dev.carousel.formats.keras.HdfGroup") // whose file is read whole
        .should().callMethodWhere(call(MemorySegment.class, "asByteBuffer")).check(ROOM);
  }

  @Test
  void noMemoryIsComparedByAnIntrinsic() {
    noClasses().should().callMethodWhere(call(MemorySegment.class, "mismatch")).check(ROOM);
  }

  private static void only(String type, DescribedPredicate<JavaCall<?>> call) {
    noClasses().that().doNotHaveFullyQualifiedName(DATA + type).should().callMethodWhere(call).check(ROOM);
  }

  private static DescribedPredicate<JavaCall<?>> call(Class<?> owner, String method) {
    return target(owner(assignableTo(owner))).and(target(name(method)));
  }
}
