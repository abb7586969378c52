package dev.codchi.export;

/** What becomes of a machine's files when it leaves. */
public enum StatePolicy {
  /** All that NixOS does not make anew goes along. */
  FULL,
  /** Only the configuration goes along: a new machine of the same kind. */
  NONE
}
