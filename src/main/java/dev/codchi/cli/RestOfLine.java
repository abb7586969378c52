package dev.codchi.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Stack;
import picocli.CommandLine.IParameterConsumer;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;

/**
 * Takes the rest of a command line as it is: the program to run, with its arguments. picocli alone
 * would try each of them as an integer and as a fraction, to tell negative ones from options, which
 * costs two exceptions for every argument.
 */
final class RestOfLine implements IParameterConsumer {
  @Override
  @SuppressWarnings("JdkObsolete") // picocli's interface has a stack
  public void consumeParameters(Stack<String> rest, ArgSpec parameter, CommandSpec command) {
    List<String> words = new ArrayList<>(rest.reversed());
    rest.clear();
    parameter.setValue(words);
  }
}
