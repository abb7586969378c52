package dev.codchi.machines;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;

/** Tells which systems a machine has had, without starting anything. */
@ApplicationScoped
public class ReadGenerations {
  private final Machines machines;
  private final Generations generations;

  ReadGenerations(Machines machines, Generations generations) {
    this.machines = machines;
    this.generations = generations;
  }

  /**
   * All generations that are kept, oldest first.
   *
   * @throws dev.codchi.failure.Failure {@code NO_SUCH_MACHINE}
   */
  public List<Generations.Generation> read(MachineName machine) {
    return generations.list(machines.known(machine));
  }
}
