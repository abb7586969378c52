package dev.codchi.machines;

import dev.codchi.failure.Failure;
import dev.codchi.failure.FailureCode;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Which of a machine's inputs a rebuild brings to their newest state. */
public sealed interface InputUpdates {
  /** All of them. */
  record All() implements InputUpdates {}

  /** None: the locked versions stay. */
  record None() implements InputUpdates {}

  /**
   * Some.
   *
   * @param names names of modules, or {@code nixpkgs}
   */
  record Only(List<String> names) implements InputUpdates {
    /** Copies the list. */
    public Only {
      names = List.copyOf(names);
    }
  }

  /**
   * The updates for one machine.
   *
   * @throws Failure {@code NO_SUCH_MODULE} when the machine has no such input
   */
  default MachineBuild.Updates of(MachineDefinition machine) {
    return switch (this) {
      case All ignored -> new MachineBuild.Updates.All();
      case None ignored -> new MachineBuild.Updates.None();
      case Only(List<String> names) -> {
        Set<String> inputs = new LinkedHashSet<>();
        names.forEach(name -> inputs.add(input(machine, name)));
        yield new MachineBuild.Updates.Only(inputs);
      }
    };
  }

  private static String input(MachineDefinition machine, String name) {
    if (name.equals("nixpkgs") && machine.nixpkgs() instanceof MachineDefinition.Nixpkgs.Default) {
      return name;
    }
    for (MachineDefinition.Module module : machine.modules()) {
      String input = MachineFlake.inputName(module.name());
      if (name.equals(module.name()) || name.equals(input)) {
        return input;
      }
    }
    String known =
        String.join(", ", machine.modules().stream().map(MachineDefinition.Module::name).toList());
    throw Failure.of(
            FailureCode.NO_SUCH_MODULE,
            "the machine '" + machine.name() + "' has no input '" + name + "'")
        .because(
            machine.nixpkgs() instanceof MachineDefinition.Nixpkgs.Follows(String module)
                    && name.equals("nixpkgs")
                ? "its nixpkgs follows the module '" + module + "'; update that"
                : "its inputs are nixpkgs" + (known.isEmpty() ? "" : ", " + known));
  }
}
