package dev.codchi.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.codchi.machines.ChangeModules;
import dev.codchi.machines.MachineDefinition;
import dev.codchi.machines.MachineName;
import dev.codchi.machines.Machines;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code codchi module}. */
@Command(
    name = "module",
    aliases = "mod",
    description = "Show and change the modules that a machine is made of.")
final class ModuleCommand {
  private static final String NO_BUILD =
      "Only write the definition; the next rebuild of the machine follows it.";

  private final Machines machines;
  private final ChangeModules changeModules;
  private final ShowRebuild showRebuild;
  private final SecretInput secretInput;
  private final Console console;
  private final ConsoleProgress progress;

  ModuleCommand(
      Machines machines,
      ChangeModules changeModules,
      ShowRebuild showRebuild,
      SecretInput secretInput,
      Console console,
      ConsoleProgress progress) {
    this.machines = machines;
    this.changeModules = changeModules;
    this.showRebuild = showRebuild;
    this.secretInput = secretInput;
    this.console = console;
    this.progress = progress;
  }

  @Command(name = "list", description = "Show a machine's modules.")
  int list(@Parameters(paramLabel = "NAME", description = "The machine.") String name) {
    MachineDefinition machine = machines.require(MachineName.of(name));
    if (console.json()) {
      ObjectNode document = Json.document("modules");
      describe(document, machine);
      console.out().println(Json.pretty(document));
      return 0;
    }
    Table table = new Table(List.of("MODULE", "REPOSITORY", "STATE", "ATTRIBUTE", "NIXPKGS"));
    for (MachineDefinition.Module module : machine.modules()) {
      table.row(
          List.of(
              module.name(),
              module.reference().print(),
              module.reference().pin().describe(),
              module.attribute().print(),
              follows(machine, module) ? "followed" : "-"));
    }
    table.print(console.out());
    return 0;
  }

  @Command(name = "add", description = "Add modules of a repository to a machine.")
  int add(
      @Parameters(paramLabel = "NAME", description = "The machine.") String name,
      @Parameters(paramLabel = "URL", description = "A repository, or a directory.") String url,
      @Parameters(
              paramLabel = "MODULE_PATH",
              arity = "0..*",
              description = "Modules of that flake, for example nixosModules.default.")
          @Nullable List<String> modules,
      @Option(names = "--no-build", description = NO_BUILD) boolean noBuild,
      @Mixin ModuleOptions options) {
    return show(
        changeModules.add(
            MachineName.of(name),
            options.wish(url, modules == null ? List.of() : modules, secretInput),
            !noBuild,
            progress));
  }

  @Command(
      name = "set",
      description =
          "Change a module: another state or repository, a working copy in the machine (local:DIRECTORY), or another name.")
  int set(
      @Parameters(paramLabel = "NAME", description = "The machine.") String name,
      @Parameters(paramLabel = "MODULE", description = "The module.") String module,
      @Parameters(
              paramLabel = "URL",
              arity = "0..1",
              description = "Where it comes from now; as before without it.")
          @Nullable String url,
      @Option(
              names = "--module-path",
              paramLabel = "MODULE_PATH",
              description = "Another module of the flake, for example nixosModules.other.")
          @Nullable String path,
      @Option(names = "--no-build", description = NO_BUILD) boolean noBuild,
      @Mixin ModuleOptions options) {
    return show(
        changeModules.set(
            MachineName.of(name),
            module,
            options.wish(
                url == null ? "" : url, path == null ? List.of() : List.of(path), secretInput),
            !noBuild,
            progress));
  }

  @Command(name = "delete", description = "Remove a module from a machine.")
  int delete(
      @Parameters(paramLabel = "NAME", description = "The machine.") String name,
      @Parameters(paramLabel = "MODULE", description = "The module.") String module,
      @Option(names = "--no-build", description = NO_BUILD) boolean noBuild) {
    return show(changeModules.delete(MachineName.of(name), module, !noBuild, progress));
  }

  private int show(ChangeModules.Changed changed) {
    MachineDefinition machine = changed.after();
    if (console.json()) {
      ObjectNode document = Json.document("modules");
      describe(document, machine);
      changed.rebuilt().ifPresent(rebuilt -> showRebuild.describe(document, rebuilt));
      console.out().println(Json.pretty(document));
    } else if (changed.rebuilt().isPresent()) {
      showRebuild.tell(machine.name(), changed.rebuilt().get());
    } else {
      progress.note(
          "The modules of "
              + machine.name()
              + " are changed; 'codchi rebuild "
              + machine.name()
              + "' follows them.");
    }
    return 0;
  }

  private static boolean follows(MachineDefinition machine, MachineDefinition.Module module) {
    return machine.nixpkgs().equals(new MachineDefinition.Nixpkgs.Follows(module.name()));
  }

  private static void describe(ObjectNode document, MachineDefinition machine) {
    document.put("machine", machine.name().value());
    var modules = document.putArray("modules");
    for (MachineDefinition.Module module : machine.modules()) {
      modules
          .addObject()
          .put("name", module.name())
          .put("reference", module.reference().print())
          .put("attribute", module.attribute().print())
          .put("nixpkgs_followed", follows(machine, module));
    }
  }
}
