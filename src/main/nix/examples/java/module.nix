{ pkgs, ... }:
{
  environment.systemPackages = [ pkgs.jdk21 pkgs.maven ];
  environment.sessionVariables.JAVA_HOME = pkgs.jdk21.home;

  # ~/.jdks/openjdk21 and ~/.jdks/openjdk25: the links stay when the JDKs are updated.
  codchi.java.jdks = {
    openjdk21 = pkgs.jdk21;
    openjdk25 = pkgs.jdk25;
  };
  # IntelliJ IDEA keeps its passwords there.
  codchi.keyring.enable = true;
}
