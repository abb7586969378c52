package dev.codchi.machines;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/** The servers that a machine's own repositories are on and that git reaches over https. */
final class RepositoryServers {
  private RepositoryServers() {}

  /** Those of a machine's modules, each once; with a port where they have one. */
  static List<String> of(MachineDefinition definition) {
    return of(definition.modules().stream().map(MachineDefinition.Module::reference).toList());
  }

  /**
   * Those of references. Working copies count for nothing: what their repository calls its origin
   * is written by the machine itself.
   */
  static List<String> of(Collection<FlakeReference> references) {
    return references.stream()
        .map(RepositoryServers::of)
        .flatMap(Optional::stream)
        .distinct()
        .toList();
  }

  /** Those of a machine that is made with a clone of a repository. */
  static List<String> of(MachineDefinition definition, Optional<WorkingCopy.Wish> copy) {
    List<FlakeReference> all = new ArrayList<>();
    copy.map(WorkingCopy.Wish::source).ifPresent(all::add);
    definition.modules().forEach(module -> all.add(module.reference()));
    return of(all);
  }

  private static Optional<String> of(FlakeReference reference) {
    return switch (reference) {
      case FlakeReference.OfForge forge -> Optional.of(forge.host());
      case FlakeReference.GitHttps git when git.secure() -> Optional.of(git.host());
      default -> Optional.empty();
    };
  }
}
