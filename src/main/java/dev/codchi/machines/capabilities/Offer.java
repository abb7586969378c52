package dev.codchi.machines.capabilities;

/** Whether the host offers a capability. */
public sealed interface Offer {
  /** One sentence or phrase for people. */
  String finding();

  /** It does. */
  record Available(String finding) implements Offer {}

  /** It does not, as many hosts do not: no desktop session, no graphics card. */
  record Absent(String finding) implements Offer {}

  /** It should, but does not work. */
  record Broken(String finding) implements Offer {}
}
