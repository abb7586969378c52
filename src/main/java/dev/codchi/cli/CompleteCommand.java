package dev.codchi.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code codchi complete -- WORD...}: what the scripts of {@code codchi completion} ask. */
@Command(
    name = "complete",
    addMethodSubcommands = false, // described at each call, and looking for them takes a while
    hidden = true,
    description = "Print what can stand in the place of the last word.")
final class CompleteCommand implements Callable<Integer> {
  private final Completion completion;
  private final Console console;

  @Spec @Nullable CommandSpec spec;

  @Parameters(arity = "0..*", paramLabel = "WORD", description = "The command line so far.")
  List<String> words = new ArrayList<>();

  CompleteCommand(Completion completion, Console console) {
    this.completion = completion;
    this.console = console;
  }

  @Override
  public Integer call() {
    if (spec != null) {
      completion.candidates(spec.root(), words).forEach(console.out()::println);
    }
    return 0;
  }
}
