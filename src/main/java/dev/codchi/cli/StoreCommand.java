package dev.codchi.cli;

import picocli.CommandLine.Command;

/** {@code codchi store}. */
@Command(
    name = "store",
    description = "Look after the nix store that all machines share.",
    subcommands = {StoreStatusCommand.class, StoreShellCommand.class})
final class StoreCommand {}
