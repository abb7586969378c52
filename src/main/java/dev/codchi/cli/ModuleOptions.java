package dev.codchi.cli;

import dev.codchi.machines.ModuleWish;
import dev.codchi.machines.NixpkgsChoice;
import dev.codchi.machines.Pin;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options of all commands that give a machine a module. */
final class ModuleOptions {
  @Option(
      names = "--branch",
      paramLabel = "BRANCH",
      description = "A branch of the repository; HEAD for its default branch.")
  @Nullable String branch;

  @Option(names = "--tag", paramLabel = "TAG", description = "A tag of the repository.")
  @Nullable String tag;

  @Option(
      names = "--commit",
      paramLabel = "HASH",
      description = "A commit of the repository, by its whole hash.")
  @Nullable String commit;

  @Option(
      names = "--new-name",
      paramLabel = "MODULE",
      description = "The module's name in the machine; derived from the repository without it.")
  @Nullable String newName;

  @Option(
      names = "--use-nixpkgs",
      paramLabel = "WHICH",
      description =
          "The machine's nixpkgs: codchi's own (local) or that of the module's flake (remote).")
  @Nullable NixpkgsChoice useNixpkgs;

  @Option(
      names = "--auth",
      paramLabel = "TOKEN",
      description =
          "A token for a private repository, kept among the machine's secrets: '-' asks for it or reads standard input, file:PATH and env:NAME say where it is.")
  @Nullable String auth;

  /** What these options and a command's own arguments ask for; an empty URL is none. */
  ModuleWish wish(String url, List<String> modules, SecretInput input) {
    Optional<Pin> pin =
        branch == null && tag == null && commit == null
            ? Optional.empty()
            : Optional.of(
                Pin.of(
                    Optional.ofNullable(branch),
                    Optional.ofNullable(tag),
                    Optional.ofNullable(commit)));
    return new ModuleWish(
        url.isEmpty() ? Optional.empty() : Optional.of(url),
        modules,
        pin,
        Optional.ofNullable(newName),
        Optional.ofNullable(useNixpkgs),
        Optional.ofNullable(auth).map(input::token));
  }
}
