package dev.codchi.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.library.Architectures;
import org.junit.jupiter.api.Test;

/** The house as docs/architecture.md draws it: arrows point one way. */
class ArrowsTest {
  private static final JavaClasses CODCHI =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("dev.codchi");

  @Test
  void arrows_point_one_way() {
    Architectures.layeredArchitecture()
        .consideringOnlyDependenciesInLayers()
        .withOptionalLayers(true)
        .layer("cli")
        .definedBy("dev.codchi.cli..")
        .layer("hostintegration")
        .definedBy("dev.codchi.hostintegration..")
        .layer("export")
        .definedBy("dev.codchi.export..")
        .layer("machines")
        .definedBy("dev.codchi.machines..")
        .layer("store")
        .definedBy("dev.codchi.store..")
        .layer("driver")
        .definedBy("dev.codchi.driver..")
        .layer("config")
        .definedBy("dev.codchi.config..")
        .whereLayer("cli")
        .mayNotBeAccessedByAnyLayer()
        .whereLayer("hostintegration")
        .mayOnlyBeAccessedByLayers("cli")
        .whereLayer("export")
        .mayOnlyBeAccessedByLayers("cli")
        .whereLayer("machines")
        .mayOnlyBeAccessedByLayers("cli", "export", "hostintegration")
        .whereLayer("store")
        .mayOnlyBeAccessedByLayers("cli", "machines", "export", "hostintegration")
        .check(CODCHI);
  }

  @Test
  void there_are_no_cycles_between_packages() {
    slices().matching("dev.codchi.(*)..").should().beFreeOfCycles().check(CODCHI);
  }

  @Test
  void adapters_are_seen_by_nobody_but_cdi() {
    noClasses()
        .that()
        .resideOutsideOfPackages("dev.codchi.driver.lxd..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("dev.codchi.driver.lxd..")
        .check(CODCHI);
    noClasses()
        .that()
        .resideOutsideOfPackages("dev.codchi.driver.wsl..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("dev.codchi.driver.wsl..")
        .check(CODCHI);
  }

  @Test
  void foreign_libraries_stay_where_they_belong() {
    noClasses()
        .that()
        .resideOutsideOfPackage("dev.codchi.cli..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("picocli..")
        .check(CODCHI);
    noClasses()
        .that()
        .resideOutsideOfPackages("dev.codchi.driver.wsl..", "dev.codchi..windows..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("com.sun.jna..")
        .check(CODCHI);
    noClasses()
        .that()
        .resideOutsideOfPackage("dev.codchi.process..")
        // Reads secret values, which must stay bytes that can be wiped and never become text.
        .and()
        .doNotHaveSimpleName("ExternalValues")
        .should()
        .dependOnClassesThat()
        .haveFullyQualifiedName("java.lang.ProcessBuilder")
        .check(CODCHI);
  }

  /** The native binary runs commands without the framework's start and stop, where these belong. */
  @Test
  void nothing_waits_for_the_framework_to_start_or_stop() {
    noClasses()
        .should()
        .dependOnClassesThat()
        .haveFullyQualifiedName("jakarta.annotation.PreDestroy")
        .orShould()
        .dependOnClassesThat()
        .haveFullyQualifiedName("jakarta.enterprise.event.Observes")
        .orShould()
        .dependOnClassesThat()
        .haveFullyQualifiedName("jakarta.enterprise.inject.Disposes")
        .orShould()
        .dependOnClassesThat()
        .haveFullyQualifiedName("io.quarkus.runtime.Startup")
        .orShould()
        .dependOnClassesThat()
        .resideInAPackage("org.eclipse.microprofile.config.inject..")
        .orShould()
        .dependOnClassesThat()
        .haveFullyQualifiedName("org.eclipse.microprofile.config.ConfigProvider")
        .check(CODCHI);
  }

  /**
   * The framework's logger for {@code System.Logger} makes a record before it asks whether anybody
   * wants it. The native binary does not set levels.
   */
  @Test
  void nothing_logs_by_the_platforms_logger() {
    noClasses()
        .should()
        .dependOnClassesThat()
        .haveFullyQualifiedName("java.lang.System$Logger")
        .check(CODCHI);
  }

  /**
   * In the native binary, whichever thread first asks for a system property that is not there reads
   * all of them, "StackValue must not be used in a virtual thread" where that is one.
   */
  @Test
  void nothing_runs_in_virtual_threads() {
    noClasses()
        .should()
        .callMethod(Thread.class, "ofVirtual")
        .orShould()
        .callMethod(Thread.class, "startVirtualThread", Runnable.class)
        .check(CODCHI);
  }

  @Test
  void shared_ground_depends_on_nothing_of_ours() {
    classes()
        .that()
        .resideInAnyPackage("dev.codchi.failure..")
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage("dev.codchi.failure..", "java..", "org.jspecify..")
        .check(CODCHI);
  }
}
