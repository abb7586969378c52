package dev.codchi.cli;

import picocli.CommandLine.IVersionProvider;

/** The version that the build was made as. */
final class Version implements IVersionProvider {
  private static final String NUMBER = "0.1.0";

  /** The version's number. */
  static String number() {
    return NUMBER;
  }

  @Override
  public String[] getVersion() {
    return new String[] {"codchi " + NUMBER};
  }
}
