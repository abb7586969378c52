package dev.codchi.export;

import com.fasterxml.jackson.databind.JsonNode;
import dev.codchi.failure.Failure;
import dev.codchi.failure.FailureCode;
import dev.codchi.machines.ExportedSystem;
import dev.codchi.machines.MachineName;
import dev.codchi.machines.Workspace;
import dev.codchi.progress.Progress;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The systems that exports start with, and why there is none. */
@ApplicationScoped
class ExportSystems {
  private final ExportedSystem exportedSystem;

  ExportSystems(ExportedSystem exportedSystem) {
    this.exportedSystem = exportedSystem;
  }

  /** The system that a container starts; {@code null} where none goes along. */
  @Nullable SystemTree container(
      MachineName machine, Format format, Optional<Workspace> workspace, Progress progress) {
    String attribute =
        switch (format.kind()) {
          case CONTAINER -> "container";
          case OCI -> "oci";
          case WSL -> "wsl";
          default -> "";
        };
    if (attribute.isEmpty()) {
      return null;
    }
    JsonNode found = exportedSystem.evaluate(machine, "exports: exports." + attribute, progress);
    if (found.isNull()) {
      throw unavailable(format, "the nixpkgs of " + machine + " has no module for such containers");
    }
    String toplevel =
        exportedSystem.build(
            found.path("toplevel").asText(),
            workspace.map(space -> space.inStore() + "/system"),
            progress);
    return new SystemTree(toplevel, exportedSystem.closure(toplevel, progress));
  }

  /** Refuses what no nixpkgs is asked for. */
  void refuseDisc(Format format) {
    if (format.kind() == Format.Kind.DISC) {
      throw unavailable(
              format,
              "a disc keeps nothing: it would unpack the machine's files into memory at every start, and lose them at every end")
          .next(
              "Choose raw, which starts from a stick and keeps what is written, or qcow2. For a disc without files, export a flake and build '...#nixosConfigurations.default.config.system.build.images.iso'.");
    }
  }

  /** Why a format is not to be had, with what is. */
  static Failure unavailable(Format format, String why) {
    return Failure.of(FailureCode.FORMAT_UNAVAILABLE, "the machine cannot be exported as " + format)
        .because(why);
  }
}
