package dev.codchi.cli;

import picocli.CommandLine.Command;

/** {@code codchi secrets}. */
@Command(
    name = "secrets",
    description = {
      "Look after the secrets of machines.",
      "Values are kept sealed on this computer and delivered to running machines; they are never given as arguments."
    },
    subcommands = {
      SecretsListCommand.class,
      SecretsGetCommand.class,
      SecretsSetCommand.class,
      SecretsUnsetCommand.class,
      SecretsRotateCommand.class,
      SecretsRekeyCommand.class,
      SecretsImportCommand.class,
      SecretsExportCommand.class,
      SecretsCheckCommand.class
    })
final class SecretsCommand {}
