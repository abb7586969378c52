package dev.codchi.cli;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/**
 * The commands below {@code codchi} itself. One call needs one of them, and describing all of them
 * to picocli takes longer than most commands run, so only what the arguments name is described; in
 * a list, the others have their names and sentences.
 */
final class Commands {
  /** In the order of the help text. */
  private static final Map<String, Class<?>> BY_NAME = new LinkedHashMap<>();

  private static final Map<String, String> ALIASES =
      Map.of("run", "exec", "mod", "module", "cap", "capabilities", "dup", "duplicate");

  /** What follows the machine's name belongs to the program that is run, options included. */
  private static final Set<String> RUN_PROGRAMS = Set.of("exec", "launch", "terminal");

  /** Options of {@code codchi} itself whose value is the next argument. */
  private static final Set<String> TAKE_VALUE = Set.of("--color", "--set");

  static {
    BY_NAME.put("status", StatusCommand.class);
    BY_NAME.put("init", InitCommand.class);
    BY_NAME.put("clone", CloneCommand.class);
    BY_NAME.put("rebuild", RebuildCommand.class);
    BY_NAME.put("module", ModuleCommand.class);
    BY_NAME.put("generations", GenerationsCommand.class);
    BY_NAME.put("rollback", RollbackCommand.class);
    BY_NAME.put("gc", GcCommand.class);
    BY_NAME.put("doctor", DoctorCommand.class);
    BY_NAME.put("completion", CompletionCommand.class);
    BY_NAME.put("complete", CompleteCommand.class);
    BY_NAME.put("exec", ExecCommand.class);
    BY_NAME.put("launch", LaunchCommand.class);
    BY_NAME.put("git-credentials", GitCredentialsCommand.class);
    BY_NAME.put("terminal", TerminalCommand.class);
    BY_NAME.put("tray", TrayCommand.class);
    BY_NAME.put("start", StartCommand.class);
    BY_NAME.put("stop", StopCommand.class);
    BY_NAME.put("restart", RestartCommand.class);
    BY_NAME.put("duplicate", DuplicateCommand.class);
    BY_NAME.put("rename", RenameCommand.class);
    BY_NAME.put("delete", DeleteCommand.class);
    BY_NAME.put("tar", TarCommand.class);
    BY_NAME.put("export", ExportCommand.class);
    BY_NAME.put("import", ImportCommand.class);
    BY_NAME.put("store", StoreCommand.class);
    BY_NAME.put("logs", LogsCommand.class);
    BY_NAME.put("config", ConfigCommand.class);
    BY_NAME.put("secrets", SecretsCommand.class);
    BY_NAME.put("capabilities", CapabilitiesCommand.class);
    BY_NAME.put("certs", CertsCommand.class);
    BY_NAME.put("usb", UsbCommand.class);
    BY_NAME.put("share", ShareCommand.class);
    BY_NAME.put("open", OpenCommand.class);
  }

  private Commands() {}

  /** The other names of commands. */
  static Map<String, String> aliases() {
    return ALIASES;
  }

  /** All commands, by name. */
  static Map<String, Class<?>> all() {
    return Map.copyOf(BY_NAME);
  }

  /**
   * What a command line needs to know of the commands.
   *
   * @param described commands whose options and parameters matter
   * @param othersListed whether the other commands are listed, by name and with their sentence
   */
  record Reach(Set<String> described, boolean othersListed) {}

  /**
   * Adds the commands to the extent that a command line can reach them: see {@link #reach}.
   *
   * @param codchi receives the commands
   * @param arguments what the person typed after {@code codchi}
   */
  static void add(CommandLine codchi, CommandLine.IFactory factory, List<String> arguments) {
    Reach reach = reach(arguments);
    if (reach.othersListed()) {
      // Passing codchi's own attributes on to each is half of what the list costs, and not in it.
      codchi.getCommandSpec().scopeType(CommandLine.ScopeType.LOCAL);
    }
    BY_NAME.forEach((name, type) -> {
      if (reach.described().contains(name)) {
        CommandLine command = new CommandLine(type, factory);
        codchi.addSubcommand(name, command);
        if (RUN_PROGRAMS.contains(name)) {
          command.setStopAtPositional(true);
        }
      } else if (reach.othersListed()) {
        codchi.addSubcommand(name, listed(type));
      }
    });
  }

  /** Enough of a command for the list of commands, at a small part of the cost of all of it. */
  private static CommandLine.Model.CommandSpec listed(Class<?> type) {
    Command command = Objects.requireNonNull(type.getAnnotation(Command.class), type::getName);
    CommandLine.Model.CommandSpec spec = CommandLine.Model.CommandSpec.create();
    spec.aliases(command.aliases())
        .usageMessage()
        .description(command.description())
        .hidden(command.hidden());
    return spec;
  }

  /**
   * How much of the commands a command line can reach. Everything of all of them when it names one
   * that does not exist, so that a mistyped name finds its likeness.
   */
  static Reach reach(List<String> arguments) {
    String first = firstCommand(arguments);
    if (first == null) {
      return new Reach(Set.of(), arguments.stream().anyMatch(Commands::asksForHelp));
    }
    if (first.equals("complete")) {
      // The line to be completed is the rest; its last word may still become any command.
      int rest = arguments.indexOf("--") + 1;
      List<String> words = arguments.subList(rest, Math.max(rest, arguments.size() - 1));
      String named = rest == 0 ? null : firstCommand(words);
      return named != null && BY_NAME.containsKey(named)
          ? new Reach(Set.copyOf(List.of(first, named)), false)
          : new Reach(Set.of(first), true);
    }
    return BY_NAME.containsKey(first)
        ? new Reach(Set.of(first), false)
        : new Reach(BY_NAME.keySet(), false);
  }

  /**
   * The arguments with what runs a program in its simplest form, {@code exec NAME ...}, marked as
   * what it is: without options. picocli would find that out itself, by two exceptions.
   */
  static List<String> marked(List<String> arguments) {
    if (arguments.size() < 2
        || arguments.get(1).startsWith("-")
        || !RUN_PROGRAMS.contains(
            ALIASES.getOrDefault(arguments.getFirst(), arguments.getFirst()))) {
      return arguments;
    }
    List<String> marked = new ArrayList<>(arguments);
    marked.add(1, "--");
    return marked;
  }

  /** The first argument that is neither an option nor an option's value. */
  private static @Nullable String firstCommand(List<String> arguments) {
    for (int i = 0; i < arguments.size(); i++) {
      String argument = arguments.get(i);
      if (TAKE_VALUE.contains(argument)) {
        i++;
      } else if (!argument.startsWith("-")) {
        return ALIASES.getOrDefault(argument, argument);
      }
    }
    return null;
  }

  private static boolean asksForHelp(String argument) {
    return argument.equals("--help") || argument.matches("-[a-zA-Z]*h[a-zA-Z]*");
  }
}
