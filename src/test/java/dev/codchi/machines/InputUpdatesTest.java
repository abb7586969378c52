package dev.codchi.machines;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.codchi.failure.Failure;
import dev.codchi.failure.FailureCode;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class InputUpdatesTest {
  private static final MachineDefinition WEB =
      MachineDefinition.empty(MachineName.of("web"), Instant.EPOCH)
          .withModule(
              new MachineDefinition.Module(
                  "app",
                  FlakeReference.parse("github:example/app").reference(),
                  ModuleAttribute.parse("default")));

  @Test
  void names_inputs_as_the_flake_does() {
    assertThat(new InputUpdates.Only(List.of("app", "nixpkgs", "m-app")).of(WEB))
        .isEqualTo(new MachineBuild.Updates.Only(Set.of("m-app", "nixpkgs")));
    assertThat(new InputUpdates.All().of(WEB)).isEqualTo(new MachineBuild.Updates.All());
    assertThat(new InputUpdates.None().of(WEB)).isEqualTo(new MachineBuild.Updates.None());
  }

  @Test
  void refuses_unknown_inputs() {
    assertRefused(WEB, "web", "its inputs are nixpkgs, app");
    MachineDefinition follower = WEB.withNixpkgs(new MachineDefinition.Nixpkgs.Follows("app"));
    assertRefused(follower, "nixpkgs", "its nixpkgs follows the module 'app'; update that");
  }

  private static void assertRefused(MachineDefinition machine, String name, String why) {
    assertThatThrownBy(() -> new InputUpdates.Only(List.of(name)).of(machine))
        .isInstanceOfSatisfying(
            Failure.class,
            failure -> {
              assertThat(failure.code()).isEqualTo(FailureCode.NO_SUCH_MODULE);
              assertThat(failure.why()).isEqualTo(why);
            });
  }
}
