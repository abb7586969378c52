package dev.codchi.cli;

import io.quarkus.picocli.runtime.annotations.TopCommand;
import picocli.CommandLine.Command;

/** {@code codchi} itself. */
@TopCommand
@Command(name = "codchi", mixinStandardHelpOptions = true, version = "codchi 0.1.0")
final class RootCommand {}
