package dev.codchi.cli;

import dev.codchi.machines.ChangeConsents;
import dev.codchi.machines.DescribeMachine;
import dev.codchi.machines.InitMachine;
import dev.codchi.machines.MachineName;
import dev.codchi.machines.ModuleWish;
import dev.codchi.machines.WorkingCopy;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code codchi clone}. */
@Command(
    name = "clone",
    description =
        "Make a machine from a repository that is cloned into it, and build it from the clone.")
final class CloneCommand implements Callable<Integer> {
  private final DescribeMachine describeMachine;
  private final InitMachine initMachine;
  private final ChangeConsents changeConsents;
  private final SecretInput secretInput;
  private final Console console;
  private final ConsoleProgress progress;

  @Parameters(index = "0", paramLabel = "NAME", description = "The new machine's name.")
  String name = "";

  @Parameters(
      index = "1",
      paramLabel = "URL",
      description = "A git repository with a flake that offers NixOS modules.")
  String url = "";

  @Parameters(
      index = "2..*",
      paramLabel = "MODULE_PATH",
      description =
          "Modules of that flake, for example nixosModules.default; the only one when there is just one.")
  List<String> modules = new ArrayList<>();

  @Mixin ModuleOptions options = new ModuleOptions();
  @Mixin CloneOptions cloneOptions = new CloneOptions();
  @Mixin MakeOptions makeOptions = new MakeOptions();

  CloneCommand(
      DescribeMachine describeMachine,
      InitMachine initMachine,
      ChangeConsents changeConsents,
      SecretInput secretInput,
      Console console,
      ConsoleProgress progress) {
    this.describeMachine = describeMachine;
    this.initMachine = initMachine;
    this.changeConsents = changeConsents;
    this.secretInput = secretInput;
    this.console = console;
    this.progress = progress;
  }

  @Override
  public Integer call() {
    MachineName machine = MachineName.of(name);
    initMachine.requireFree(machine, progress);
    ModuleWish wish = options.wish(url, makeOptions.modules(modules), secretInput);
    DescribeMachine.Cloned cloned =
        describeMachine.cloned(
            describeMachine.empty(machine),
            wish,
            new DescribeMachine.CloneWish(
                Optional.ofNullable(cloneOptions.directory),
                Optional.ofNullable(cloneOptions.depth),
                cloneOptions.singleBranch,
                cloneOptions.submodules,
                cloneOptions.shallowSubmodules,
                cloneOptions.keepRemote),
            progress);
    WorkingCopy.Wish copy = cloned.copy();
    initMachine.init(
        cloned.definition(),
        makeOptions.manner(
            Optional.of(copy), changeConsents.beforehand(makeOptions.allowed, makeOptions.servers)),
        progress);
    if (console.json()) {
      console
          .out()
          .println(
              Json.pretty(
                  Json.document("clone")
                      .put("machine", machine.value())
                      .put("directory", copy.directory())));
    } else {
      progress.note(
          "The machine %s is %s; the repository is in ~/%s."
              .formatted(machine, makeOptions.noBuild ? "defined" : "ready", copy.directory()));
    }
    return 0;
  }
}
