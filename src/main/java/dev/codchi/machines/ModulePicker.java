package dev.codchi.machines;

import java.util.List;

/** A person who can choose among the modules of a flake; the command line implements it. */
public interface ModulePicker {
  /** Whether there is anybody to ask. */
  boolean isAnswered();

  /**
   * Lets a person choose.
   *
   * @param flake where the modules come from, for people
   * @param offered at least two
   * @return at least one of them
   * @throws dev.codchi.failure.Failure {@code REFUSED_BY_USER} when the person chooses none
   */
  List<ModuleAttribute> pick(String flake, List<ModuleAttribute> offered);
}
