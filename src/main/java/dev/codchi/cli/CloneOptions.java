package dev.codchi.cli;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options that say how a repository is cloned into a machine, named as git names them. */
final class CloneOptions {
  @Option(
      names = "--dir",
      paramLabel = "DIRECTORY",
      description = "Where in the machine's home; the repository's name without it.")
  @Nullable String directory;

  @Option(
      names = "--depth",
      paramLabel = "COMMITS",
      description = "Only so many commits of the history.")
  @Nullable Integer depth;

  @Option(names = "--single-branch", description = "Only the branch that is checked out.")
  boolean singleBranch;

  @Option(names = "--recurse-submodules", description = "With the repository's submodules.")
  boolean submodules;

  @Option(names = "--shallow-submodules", description = "The submodules without their history.")
  boolean shallowSubmodules;

  @Option(
      names = "--keep-remote",
      description =
          "Build the machine from the repository, not from its clone; 'module set' changes that later.")
  boolean keepRemote;
}
