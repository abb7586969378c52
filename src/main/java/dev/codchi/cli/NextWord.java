package dev.codchi.cli;

import java.util.Stack;
import picocli.CommandLine.IParameterConsumer;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;

/** Takes a name as it is, for the reason that {@link RestOfLine} has. */
final class NextWord implements IParameterConsumer {
  @Override
  @SuppressWarnings("JdkObsolete") // picocli's interface has a stack
  public void consumeParameters(Stack<String> rest, ArgSpec parameter, CommandSpec command) {
    parameter.setValue(rest.pop());
  }
}
