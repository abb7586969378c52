package dev.codchi.cli;

import dev.codchi.config.FlagSettings;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/**
 * {@code codchi} itself: the options that every command has. Without a command it shows the status.
 */
@Command(
    name = "codchi",
    addMethodSubcommands = false, // described at most calls, and looking for them takes a while
    mixinStandardHelpOptions = true,
    scope = ScopeType.INHERIT,
    versionProvider = Version.class,
    description =
        "Code machines: a git repository with a NixOS module as a running development machine.",
    synopsisSubcommandLabel = "COMMAND",
    commandListHeading = "%nCommands:%n",
    optionListHeading = "%nOptions:%n",
    exitCodeListHeading = "%nExit status:%n",
    exitCodeList = {
      "0:ok",
      "1:unexpected failure",
      "2:wrong usage or settings",
      "3:no such machine, module or secret",
      "4:already exists, or busy",
      "5:environment: the container daemon is missing or not set up",
      "6:evaluation or build failed",
      "7:refused by you",
      "130:interrupted"
    })
final class RootCommand implements Callable<Integer> {
  private final Console console;
  private final FlagSettings flags;
  private final ShowStatus status;

  RootCommand(Console console, FlagSettings flags, ShowStatus status) {
    this.console = console;
    this.flags = flags;
    this.status = status;
  }

  @Option(
      names = {"-v", "--verbose"},
      scope = ScopeType.INHERIT,
      description = "Say more.")
  void verbose(boolean[] times) {
    console.moreVerbose(times.length);
  }

  @Option(
      names = {"-q", "--quiet"},
      scope = ScopeType.INHERIT,
      description = "Say nothing but warnings and failures.")
  void quiet(boolean[] times) {
    console.moreVerbose(-times.length);
  }

  @Option(
      names = "--json",
      scope = ScopeType.INHERIT,
      description = "Print data, and failures, as JSON.")
  void json(boolean on) {
    console.json(on);
  }

  @Option(
      names = {"-y", "--yes"},
      scope = ScopeType.INHERIT,
      description = "Answer every question with yes.")
  void yes(boolean on) {
    console.yes(on);
  }

  @Option(
      names = "--no-input",
      scope = ScopeType.INHERIT,
      description = "Ask nothing; fail where an answer is needed.")
  void noInput(boolean on) {
    console.noInput(on);
  }

  @Option(
      names = "--color",
      paramLabel = "WHEN",
      scope = ScopeType.INHERIT,
      description = "When to use colour: ${COMPLETION-CANDIDATES}.")
  void color(Console.Color when) {
    console.color(when);
  }

  @Option(
      names = "--set",
      paramLabel = "KEY=VALUE",
      scope = ScopeType.INHERIT,
      description = "A setting for this run; 'codchi config list' shows the keys.")
  void set(Map<String, String> settings) {
    flags.add(settings);
  }

  @Override
  public Integer call() {
    return status.show();
  }
}
