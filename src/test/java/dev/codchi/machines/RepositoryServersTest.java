package dev.codchi.machines;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RepositoryServersTest {
  private static List<String> of(String... references) {
    return RepositoryServers.of(
        List.of(references).stream().map(text -> FlakeReference.parse(text).reference()).toList());
  }

  @Test
  void servers_of_repositories_over_https_each_once() {
    assertThat(
            of(
                "github:o/r",
                "github:o/other?dir=x",
                "gitlab:g/r?host=gitlab.test",
                "git+https://git.test:8443/r.git"))
        .containsExactly("github.com", "gitlab.test", "git.test:8443");
  }

  @Test
  void what_git_reaches_in_other_ways_names_no_server() {
    assertThat(
            of(
                "git+http://git.test/r.git",
                "git+ssh://git@git.test/r.git",
                "https://files.test/r.tar.gz",
                "path:/srv/modules",
                "local:project"))
        .isEmpty();
  }

  @Test
  void a_clone_counts_with_the_address_that_was_given() {
    MachineDefinition empty = MachineDefinition.empty(MachineName.of("web"), Instant.EPOCH);
    WorkingCopy.Wish copy =
        new WorkingCopy.Wish(
            FlakeReference.parse("github:o/r").reference(),
            "r",
            Optional.empty(),
            false,
            false,
            false);
    assertThat(RepositoryServers.of(empty, Optional.of(copy))).containsExactly("github.com");
    assertThat(RepositoryServers.of(empty, Optional.empty())).isEmpty();
  }
}
