package dev.codchi.cli;

import java.util.List;
import picocli.CommandLine.IVersionProvider;

/** The version that the build was made as. */
final class Version implements IVersionProvider {
  private static final String NUMBER = "0.1.0";

  /** The version's number. */
  static String number() {
    return NUMBER;
  }

  /** What {@code --version} prints. */
  static List<String> lines() {
    return List.of("codchi " + NUMBER);
  }

  @Override
  public String[] getVersion() {
    return lines().toArray(String[]::new);
  }
}
