package dev.codchi.machines;

import static org.assertj.core.api.Assertions.assertThat;

import dev.codchi.config.Settings;
import dev.codchi.config.TestSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SystemStateTest {
  private static final String DRIVER = "/config/driver/0123";
  private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");

  @TempDir Path directory;

  private Settings settings;
  private Machines machines;
  private FlakeFiles flakes;
  private SystemState state;

  @BeforeEach
  void make() {
    settings = TestSettings.in(directory);
    machines = new Machines(settings);
    flakes = new FlakeFiles(settings, machines, new StorePlaces(settings));
    state = new SystemState(machines, new Generations(settings), flakes);
  }

  private static MachineDefinition web(String reference) {
    return new MachineDefinition(
        MachineName.of("web"),
        List.of(
            new MachineDefinition.Module(
                "a",
                FlakeReference.parse(reference).reference(),
                ModuleAttribute.parse("nixosModules.default"))),
        new MachineDefinition.Nixpkgs.Default(),
        NOON,
        Map.of());
  }

  /** As a rebuild leaves it. */
  private MachineDefinition built(MachineDefinition definition) throws IOException {
    Path machine = machines.directory(definition.name());
    Files.createDirectories(machine);
    flakes.write(definition, DRIVER, machine);
    Files.writeString(machine.resolve("flake.lock"), "{ \"locked\": 1 }");
    Path profiles = settings.directories().profiles("web");
    Files.createDirectories(profiles);
    Files.createSymbolicLink(profiles.resolve("system-1-link"), Path.of("/nix/store/one"));
    Files.createSymbolicLink(profiles.resolve("system"), Path.of("system-1-link"));
    new InstalledSystem("/nix/store/one", FlakeFiles.fingerprint(machine)).write(machine);
    return definition;
  }

  private void known(boolean available, String inputs) {
    new KnownUpdates(available, inputs, NOON).write(machines.directory(MachineName.of("web")));
  }

  @Test
  void a_machine_without_generations_was_never_built() {
    assertThat(state.of(web("github:o/r"), DRIVER).system())
        .isEqualTo(MachineStatus.System.NOT_INSTALLED);
  }

  @Test
  void what_was_built_from_the_present_definition_is_up_to_date() throws IOException {
    MachineDefinition web = built(web("github:o/r"));
    assertThat(state.of(web, DRIVER).system()).isEqualTo(MachineStatus.System.UP_TO_DATE);
    assertThat(state.of(web, DRIVER).updates()).isEmpty();
  }

  @Test
  void another_definition_lock_or_driver_makes_it_modified() throws IOException {
    MachineDefinition web = built(web("github:o/r"));
    assertThat(state.of(web("github:o/other"), DRIVER).system())
        .isEqualTo(MachineStatus.System.MODIFIED);
    assertThat(state.of(web, "/config/driver/4567").system())
        .isEqualTo(MachineStatus.System.MODIFIED);
    Path machine = machines.directory(web.name());
    Files.writeString(machine.resolve("flake.lock"), "{ \"locked\": 2 }");
    assertThat(state.of(web, DRIVER).system()).isEqualTo(MachineStatus.System.MODIFIED);
    Files.writeString(machine.resolve("installed.json"), "{ half");
    assertThat(state.of(web, DRIVER).system()).isEqualTo(MachineStatus.System.MODIFIED);
  }

  @Test
  void updates_count_as_long_as_the_machine_is_what_was_looked_at() throws IOException {
    MachineDefinition web = built(web("github:o/r"));
    known(true, state.inputs(web.name()));
    assertThat(state.of(web, DRIVER).system()).isEqualTo(MachineStatus.System.UPDATES_AVAILABLE);
    assertThat(state.of(web, DRIVER).updates().orElseThrow().when()).isEqualTo(NOON);
    known(false, state.inputs(web.name()));
    assertThat(state.of(web, DRIVER).system()).isEqualTo(MachineStatus.System.UP_TO_DATE);
    known(true, "something else");
    assertThat(state.of(web, DRIVER).system()).isEqualTo(MachineStatus.System.UP_TO_DATE);
    assertThat(state.of(web, DRIVER).updates()).isEmpty();
  }

  @Test
  void of_a_working_copy_nobody_knows_whether_it_has_changed() throws IOException {
    MachineDefinition web = built(web("local:project"));
    known(true, state.inputs(web.name()));
    assertThat(state.of(web, DRIVER).system()).isEqualTo(MachineStatus.System.WORKING_COPY);
  }
}
