package dev.codchi.cli;

import dev.codchi.hostintegration.folders.ShareFolder;
import dev.codchi.hostintegration.folders.SharedFolder;
import dev.codchi.machines.ChangeConsents;
import dev.codchi.machines.DescribeMachine;
import dev.codchi.machines.InitMachine;
import dev.codchi.machines.MachineDefinition;
import dev.codchi.machines.MachineName;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code codchi init}. */
@Command(name = "init", description = "Make a machine, empty or from the modules of a repository.")
final class InitCommand implements Callable<Integer> {
  private final DescribeMachine describeMachine;
  private final InitMachine initMachine;
  private final SecretInput secretInput;
  private final ChangeConsents changeConsents;
  private final ShareFolder shareFolder;
  private final Console console;
  private final ConsoleProgress progress;

  @Parameters(index = "0", paramLabel = "NAME", description = "The new machine's name.")
  String name = "";

  @Parameters(
      index = "1",
      arity = "0..1",
      paramLabel = "URL",
      description =
          "A repository with a flake that offers NixOS modules; an empty machine without it.")
  String url = "";

  @Parameters(
      index = "2..*",
      paramLabel = "MODULE_PATH",
      description =
          "Modules of that flake, for example nixosModules.default; the only one when there is just one.")
  List<String> modules = new ArrayList<>();

  @Option(
      names = "--share",
      paramLabel = "PATH[:ro]",
      description = "A folder of this computer that the machine may use, below /host; repeatable.")
  List<String> shared = new ArrayList<>();

  @Mixin ModuleOptions options = new ModuleOptions();
  @Mixin MakeOptions makeOptions = new MakeOptions();

  InitCommand(
      DescribeMachine describeMachine,
      InitMachine initMachine,
      SecretInput secretInput,
      ChangeConsents changeConsents,
      ShareFolder shareFolder,
      Console console,
      ConsoleProgress progress) {
    this.describeMachine = describeMachine;
    this.initMachine = initMachine;
    this.secretInput = secretInput;
    this.changeConsents = changeConsents;
    this.shareFolder = shareFolder;
    this.console = console;
    this.progress = progress;
  }

  @Override
  public Integer call() {
    MachineName machine = MachineName.of(name);
    List<SharedFolder> folders = shared.stream().map(SharedFolder::parse).toList();
    initMachine.requireFree(machine, progress);
    MachineDefinition definition =
        url.isEmpty()
            ? describeMachine.empty(machine)
            : describeMachine.with(
                describeMachine.empty(machine),
                options.wish(url, makeOptions.modules(modules), secretInput),
                progress);
    initMachine.init(
        definition,
        makeOptions.manner(
            Optional.empty(), changeConsents.beforehand(makeOptions.allowed, makeOptions.servers)),
        progress);
    if (!folders.isEmpty()) {
      shareFolder.add(machine, folders, progress);
    }
    if (console.json()) {
      console.out().println(Json.pretty(Json.document("init").put("machine", machine.value())));
    } else {
      progress.note(
          makeOptions.noBuild
              ? "The machine "
                  + machine
                  + " is defined; 'codchi rebuild "
                  + machine
                  + "' builds it."
              : "The machine "
                  + machine
                  + " is ready. Enter it with 'codchi exec "
                  + machine
                  + "'.");
    }
    return 0;
  }
}
