package dev.codchi.machines;

import dev.codchi.failure.Failure;
import dev.codchi.failure.FailureCode;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What a machine is made of, as {@code machine.json} keeps it. Reading and writing is in {@link
 * MachineDefinitionJson}.
 *
 * @param name the machine's name
 * @param modules its modules in the order in which they were added; names are unique
 * @param nixpkgs where its nixpkgs comes from
 * @param created when the machine was made
 * @param facts what else is kept, for example the fingerprint of the last build; unknown keys are
 *     kept, so that versions of codchi can add some
 */
public record MachineDefinition(
    @NotNull MachineName name,
    @NotNull List<@Valid Module> modules,
    @NotNull Nixpkgs nixpkgs,
    @NotNull Instant created,
    @NotNull Map<String, String> facts) {

  /** The version of {@code machine.json} that this codchi writes, and the newest that it reads. */
  public static final int VERSION = 1;

  /** Checks that the parts fit together and copies them. */
  public MachineDefinition {
    modules = List.copyOf(modules);
    facts = java.util.Collections.unmodifiableMap(new TreeMap<>(facts));
    long names = modules.stream().map(Module::name).distinct().count();
    if (names != modules.size()) {
      throw Failure.of(FailureCode.MODULE_EXISTS, "Two modules have the same name");
    }
    if (nixpkgs instanceof Nixpkgs.Follows(String module)
        && modules.stream().noneMatch(m -> m.name().equals(module))) {
      throw Failure.of(
              FailureCode.NO_SUCH_MODULE,
              "nixpkgs follows the module '%s', which is not there".formatted(module))
          .next("Use codchi's nixpkgs with --use-nixpkgs local, or follow another module.");
    }
  }

  /** A machine without modules. */
  public static MachineDefinition empty(MachineName name, Instant created) {
    return new MachineDefinition(name, List.of(), new Nixpkgs.Default(), created, Map.of());
  }

  /** One module of the machine. */
  public record Module(
      @NotNull String name, @NotNull FlakeReference reference, @NotNull ModuleAttribute attribute) {
    /** Checks the name, which becomes part of an input's name: {@code m-NAME}. */
    public Module {
      ModuleName.check(name);
      if (reference instanceof FlakeReference.HostPath path && path.isRelative()) {
        throw ReferenceRules.bad("A machine's module cannot be at a relative path")
            .because("'%s' means another directory elsewhere".formatted(path.print()));
      }
    }
  }

  /** Where nixpkgs comes from. */
  public sealed interface Nixpkgs {
    /** From codchi's settings: the same for all machines, so that they share most of the store. */
    record Default() implements Nixpkgs {}

    /** The nixpkgs that a module's flake has as its input. */
    record Follows(String module) implements Nixpkgs {}
  }

  /** The module of this name. */
  public Optional<Module> module(String wanted) {
    return modules.stream().filter(m -> m.name().equals(wanted)).findFirst();
  }

  /**
   * With one module more.
   *
   * @throws Failure {@link FailureCode#MODULE_EXISTS}
   */
  public MachineDefinition withModule(Module added) {
    if (module(added.name()).isPresent()) {
      throw Failure.of(
          FailureCode.MODULE_EXISTS,
          "Machine '%s' already has a module '%s'".formatted(name, added.name()));
    }
    List<Module> more = new java.util.ArrayList<>(modules);
    more.add(added);
    return withModules(more);
  }

  /**
   * With another module in the place of the one with this name; nixpkgs goes on following it.
   *
   * @throws Failure {@link FailureCode#NO_SUCH_MODULE} or {@link FailureCode#MODULE_EXISTS}
   */
  public MachineDefinition withReplaced(String old, Module replacement) {
    requireModule(old);
    if (!old.equals(replacement.name()) && module(replacement.name()).isPresent()) {
      throw Failure.of(
          FailureCode.MODULE_EXISTS,
          "Machine '%s' already has a module '%s'".formatted(name, replacement.name()));
    }
    Nixpkgs follows =
        nixpkgs.equals(new Nixpkgs.Follows(old))
            ? new Nixpkgs.Follows(replacement.name())
            : nixpkgs;
    return new MachineDefinition(
        name,
        modules.stream().map(m -> m.name().equals(old) ? replacement : m).toList(),
        follows,
        created,
        facts);
  }

  /**
   * Without this module.
   *
   * @throws Failure {@link FailureCode#NO_SUCH_MODULE}, also when nixpkgs follows the module
   */
  public MachineDefinition withoutModule(String gone) {
    requireModule(gone);
    if (nixpkgs.equals(new Nixpkgs.Follows(gone))) {
      throw Failure.of(FailureCode.MODULE_EXISTS, "Module '%s' is still needed".formatted(gone))
          .because("the machine's nixpkgs follows it")
          .next("Choose another nixpkgs first, with --use-nixpkgs local.");
    }
    return withModules(modules.stream().filter(m -> !m.name().equals(gone)).toList());
  }

  /** With these modules. */
  public MachineDefinition withModules(List<Module> others) {
    return new MachineDefinition(name, others, nixpkgs, created, facts);
  }

  /** With another nixpkgs. */
  public MachineDefinition withNixpkgs(Nixpkgs other) {
    return new MachineDefinition(name, modules, other, created, facts);
  }

  /** With another name. */
  public MachineDefinition withName(MachineName other) {
    return new MachineDefinition(other, modules, nixpkgs, created, facts);
  }

  /** With one fact set. */
  public MachineDefinition withFact(String key, String value) {
    Map<String, String> more = new TreeMap<>(facts);
    more.put(key, value);
    return new MachineDefinition(name, modules, nixpkgs, created, more);
  }

  /**
   * The module of this name.
   *
   * @throws Failure {@link FailureCode#NO_SUCH_MODULE}
   */
  public Module requireModule(String wanted) {
    return module(wanted)
        .orElseThrow(() ->
            Failure.of(
                FailureCode.NO_SUCH_MODULE,
                "Machine '%s' has no module '%s'".formatted(name, wanted)));
  }
}
