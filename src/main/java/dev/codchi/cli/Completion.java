package dev.codchi.cli;

import dev.codchi.failure.Failure;
import dev.codchi.machines.MachineDefinition;
import dev.codchi.machines.MachineName;
import dev.codchi.machines.Machines;
import dev.codchi.machines.ReadGenerations;
import dev.codchi.machines.capabilities.KnownCapabilities;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.List;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/**
 * What can stand at the end of a command line that is not finished. Reads only files of this
 * computer; the container daemon is not asked.
 */
@ApplicationScoped
public class Completion {
  private final Machines machines;
  private final ReadGenerations readGenerations;
  private final KnownCapabilities capabilities;

  Completion(Machines machines, ReadGenerations readGenerations, KnownCapabilities capabilities) {
    this.machines = machines;
    this.readGenerations = readGenerations;
    this.capabilities = capabilities;
  }

  /**
   * The candidates.
   *
   * @param root the whole command line
   * @param words what follows {@code codchi}; the last is the one to be completed, perhaps empty
   */
  List<String> candidates(CommandSpec root, List<String> words) {
    String current = words.isEmpty() ? "" : words.getLast();
    List<String> before = words.isEmpty() ? List.of() : words.subList(0, words.size() - 1);
    CommandSpec command = root;
    List<String> positionals = new ArrayList<>();
    OptionSpec open = null;
    for (String word : before) {
      if (open != null) {
        open = null;
      } else if (word.startsWith("-")) {
        open = takesNext(command.findOption(word)) ? command.findOption(word) : null;
      } else {
        CommandLine below = command.subcommands().get(word);
        if (below != null && positionals.isEmpty()) {
          command = below.getCommandSpec();
        } else {
          positionals.add(word);
        }
      }
    }
    List<String> found = new ArrayList<>();
    if (open != null) {
      addAll(found, open.completionCandidates());
    } else if (current.startsWith("-")) {
      command.options().stream()
          .filter(option -> !option.hidden())
          .forEach(option -> found.addAll(List.of(option.names())));
    } else {
      if (positionals.isEmpty()) {
        addCommands(found, command);
      }
      addPositional(found, command, positionals);
    }
    return found.stream().filter(one -> one.startsWith(current)).distinct().sorted().toList();
  }

  private static boolean takesNext(@Nullable OptionSpec option) {
    return option != null && option.arity().min() > 0;
  }

  private static void addCommands(List<String> found, CommandSpec command) {
    command
        .subcommands()
        .forEach((name, below) -> {
          if (!below.getCommandSpec().usageMessage().hidden()) {
            found.add(name);
          }
        });
  }

  private void addPositional(List<String> found, CommandSpec command, List<String> positionals) {
    for (PositionalParamSpec parameter : command.positionalParameters()) {
      if (parameter.index().contains(positionals.size())) {
        addAll(found, parameter.completionCandidates());
        addKnown(found, command.name(), parameter.paramLabel(), positionals);
      }
    }
  }

  /** Names that only this computer knows. */
  private void addKnown(
      List<String> found, String command, String label, List<String> positionals) {
    try {
      switch (label) {
        case "NAME", "MACHINES" -> {
          if (!command.equals("init") && !command.equals("clone")) {
            machines.names().forEach(name -> found.add(name.value()));
          }
        }
        case "MODULE" ->
            machines.require(MachineName.of(positionals.getFirst())).modules().stream()
                .map(MachineDefinition.Module::name)
                .forEach(found::add);
        case "GENERATION" ->
            readGenerations
                .read(MachineName.of(positionals.getFirst()))
                .forEach(one -> found.add(String.valueOf(one.number())));
        case "CAPABILITY" -> capabilities.all().forEach(one -> found.add(one.name()));
        default -> {}
      }
    } catch (Failure unknown) {
      // The machine that is named so far does not exist, so nothing of it can be offered.
      Logger.getLogger(Completion.class).debug(unknown.what(), unknown);
    }
  }

  private static void addAll(List<String> found, @Nullable Iterable<String> candidates) {
    if (candidates != null) {
      candidates.forEach(found::add);
    }
  }
}
