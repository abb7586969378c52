package dev.codchi.export;

/** What becomes of a machine's secrets when it leaves. */
public enum SecretsPolicy {
  /** They stay; the machine's environment has its name only. */
  EXCLUDE,
  /** They go along in clear text, readable by their owners in the machine. */
  INCLUDE
}
