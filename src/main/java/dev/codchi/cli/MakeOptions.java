package dev.codchi.cli;

import dev.codchi.machines.InitMachine;
import dev.codchi.machines.WorkingCopy;
import dev.codchi.machines.capabilities.Consents;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Option;

/** The options of all commands that make a machine. */
final class MakeOptions {
  @Option(
      names = "--module-path",
      paramLabel = "MODULE_PATH",
      description = "The same as the argument MODULE_PATH; can be repeated.")
  List<String> paths = new ArrayList<>();

  @Option(
      names = "--no-build",
      description = "Only write the definition; 'codchi rebuild' makes the machine of it.")
  boolean noBuild;

  @Option(
      names = "--dont-run-init",
      description = "Leave out the init script of the machine's modules.")
  boolean dontRunInit;

  @Option(
      names = "--allow",
      paramLabel = "CAPABILITY",
      split = ",",
      description = "What the machine may use of this computer, for example display,sound.")
  List<String> allowed = new ArrayList<>();

  @Option(
      names = "--server",
      paramLabel = "HOST[:PORT]",
      description =
          "What '--allow git-credentials' is for, instead of the servers of the machine's"
              + " repositories; can be repeated.")
  List<String> servers = new ArrayList<>();

  /** Both ways to name modules together. */
  List<String> modules(List<String> arguments) {
    List<String> all = new ArrayList<>(arguments);
    all.addAll(paths);
    return all;
  }

  InitMachine.Manner manner(Optional<WorkingCopy.Wish> copy, Consents consents) {
    return new InitMachine.Manner(copy, !noBuild, !dontRunInit, consents);
  }
}
