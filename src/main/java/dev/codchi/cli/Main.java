package dev.codchi.cli;

import dev.codchi.failure.ExitStatus;
import dev.codchi.failure.Failure;
import dev.codchi.failure.FailureCode;
import dev.codchi.redaction.KnownValues;
import io.quarkus.arc.Arc;
import io.quarkus.runtime.ImageMode;
import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.QuarkusApplication;
import io.quarkus.runtime.annotations.QuarkusMain;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** Where the program starts. */
@QuarkusMain
public final class Main implements QuarkusApplication {
  private final CommandLine.IFactory factory;
  private final FailurePrinter failures;
  private final Interrupts interrupts;
  private final KnownValues known;

  Main(
      CommandLine.IFactory factory,
      FailurePrinter failures,
      Interrupts interrupts,
      KnownValues known) {
    this.known = known;
    this.factory = factory;
    this.failures = failures;
    this.interrupts = interrupts;
  }

  /** Runs one command and ends with its status. */
  public static void main(String... arguments) {
    if (SelfDescription.print(List.of(arguments), System.out)) {
      return;
    }
    if (ImageMode.current() == ImageMode.NATIVE_RUN) {
      System.exit(runAlone(arguments));
    }
    Interrupts.endAtOnce();
    // JBoss LogManager puts the host's name into every record. Nothing here prints it, and it
    // would be looked up at each start, with the resolver's libraries and files.
    System.setProperty("jboss.host.name", "localhost");
    Quarkus.run(Main.class, arguments);
  }

  /**
   * Runs one command without the framework's own start. The native binary was made with the
   * container of the program's parts ready in it. What the framework prepares beside that when it
   * starts, its settings, logs and threads, no command uses, and preparing it would double the
   * processor time of an {@code exec}.
   */
  private static int runAlone(String... arguments) {
    return Arc.container().instance(Main.class).get().run(arguments);
  }

  @Override
  public int run(String... arguments) {
    interrupts.interruptThisThread();
    Thread.setDefaultUncaughtExceptionHandler((thread, thrown) -> failures.aside(thrown));
    CommandLine commandLine = CommandLines.reachedBy(List.of(arguments), factory);
    try {
      return execute(
          withPolicy(commandLine, failures), failures, Commands.marked(List.of(arguments)));
    } finally {
      interrupts.end();
      known.forget();
    }
  }

  /**
   * Runs a command; whatever it throws is printed by the one policy. picocli passes exceptions to
   * it, but lets errors by, which Java itself would print with all that their messages hold.
   */
  static int execute(CommandLine commandLine, FailurePrinter failures, List<String> arguments) {
    try {
      return commandLine.execute(arguments.toArray(String[]::new));
    } catch (Error broken) {
      return failures.print(broken);
    }
  }

  /** Gives commands codchi's one policy for failures. */
  static CommandLine withPolicy(CommandLine commandLine, FailurePrinter failures) {
    commandLine.setExecutionExceptionHandler(
        (thrown, command, parsed) -> status(command, failures.print(thrown)));
    commandLine.setParameterExceptionHandler(
        (thrown, parsed) -> status(thrown.getCommandLine(), failures.print(misused(thrown))));
    return commandLine;
  }

  private static int status(CommandLine command, int status) {
    boolean exec = command.getCommandName().equals("exec");
    return exec && status != ExitStatus.INTERRUPTED.number()
        ? ExitStatus.EXEC_FAILED.number()
        : status;
  }

  private static Failure misused(ParameterException thrown) {
    CommandLine command = thrown.getCommandLine();
    if (thrown instanceof UnmatchedArgumentException
        && command.getCommandSpec().qualifiedName().startsWith("codchi secrets ")) {
      // It may be a value, so it is neither shown nor logged.
      return Failure.of(
              FailureCode.BAD_USAGE,
              "'%s' has an argument too many, which is not shown here"
                  .formatted(command.getCommandSpec().qualifiedName()))
          .because("values are never arguments, which other accounts and the shell's history see")
          .next(
              "Give a value when asked, on standard input or with --file. If this was one, make a"
                  + " new one at its source.");
    }
    Failure failure = Failure.of(FailureCode.BAD_USAGE, String.valueOf(thrown.getMessage()));
    if (thrown instanceof UnmatchedArgumentException unmatched) {
      var suggestions = unmatched.getSuggestions();
      if (!suggestions.isEmpty()) {
        failure = failure.because("did you mean " + String.join(" or ", suggestions) + "?");
      }
    }
    return failure.next("See '" + command.getCommandSpec().qualifiedName() + " --help'.");
  }
}
