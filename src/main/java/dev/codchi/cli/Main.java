package dev.codchi.cli;

import io.quarkus.picocli.runtime.annotations.TopCommand;
import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.QuarkusApplication;
import io.quarkus.runtime.annotations.QuarkusMain;
import picocli.CommandLine;

/** Where the program starts. */
@QuarkusMain
public final class Main implements QuarkusApplication {
  private final Object root;
  private final CommandLine.IFactory factory;

  Main(@TopCommand Object root, CommandLine.IFactory factory) {
    this.root = root;
    this.factory = factory;
  }

  /** Runs one command and ends with its status. */
  public static void main(String... arguments) {
    Quarkus.run(Main.class, arguments);
  }

  @Override
  public int run(String... arguments) {
    return new CommandLine(root, factory).execute(arguments);
  }
}
