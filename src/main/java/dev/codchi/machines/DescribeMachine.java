package dev.codchi.machines;

import dev.codchi.config.Settings;
import dev.codchi.failure.Failure;
import dev.codchi.failure.FailureCode;
import dev.codchi.machines.secrets.SecretValue;
import dev.codchi.progress.Progress;
import jakarta.enterprise.context.ApplicationScoped;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Turns what a user names (a repository, modules in it) into a machine's definition, asking the
 * repository what it offers. Nothing is written.
 */
@ApplicationScoped
public class DescribeMachine {
  private final Settings settings;
  private final FlakeOffers offers;
  private final RepositoryTokens tokens;
  private final ModulePicker picker;

  DescribeMachine(
      Settings settings, FlakeOffers offers, RepositoryTokens tokens, ModulePicker picker) {
    this.picker = picker;
    this.settings = settings;
    this.offers = offers;
    this.tokens = tokens;
  }

  /** A machine without any module. */
  public MachineDefinition empty(MachineName machine) {
    return MachineDefinition.empty(machine, Instant.now());
  }

  /**
   * A machine with the modules of one flake more.
   *
   * @param wish must name a repository
   * @throws Failure {@code BAD_REFERENCE}, {@code MODULE_EXISTS}, {@code NIX_*}
   */
  public MachineDefinition with(MachineDefinition machine, ModuleWish wish, Progress progress) {
    ParsedReference parsed = parse(wish.url().orElseThrow(), progress);
    FlakeReference reference = located(machine.name(), parsed.reference(), wish.pin());
    keep(machine.name(), reference, parsed.credentials(), wish.auth());
    FlakeOffer offer = offers.read(machine.name(), reference, progress);
    List<String> wanted =
        wish.attributes().isEmpty()
            ? parsed.module().map(List::of).orElse(List.of())
            : wish.attributes();
    List<ModuleAttribute> chosen = new ArrayList<>();
    if (wanted.isEmpty()) {
      chosen.addAll(
          offer.modules().size() > 1 && wish.newName().isEmpty() && picker.isAnswered()
              ? picker.pick(reference.print(), offer.modules())
              : List.of(ModuleAttribute.choose(offer.modules(), Optional.empty())));
    }
    for (String name : wanted) {
      chosen.add(ModuleAttribute.choose(offer.modules(), Optional.of(name)));
    }
    MachineDefinition described = machine;
    Set<String> taken =
        machine.modules().stream()
            .map(MachineDefinition.Module::name)
            .collect(Collectors.toCollection(HashSet::new));
    for (ModuleAttribute attribute : chosen) {
      refuseTwice(machine, reference, attribute);
      String name =
          wish.newName()
              .map(ModuleName::check)
              .orElseGet(() -> ModuleName.derive(reference, attribute, taken));
      taken.add(name);
      described = described.withModule(new MachineDefinition.Module(name, reference, attribute));
    }
    String first = described.modules().get(machine.modules().size()).name();
    return withNixpkgs(described, wish.nixpkgs(), first, offer);
  }

  /**
   * How a repository is cloned into a new machine.
   *
   * @param directory where in the home; none: the repository's name
   * @param depth how many commits of the history; none: all
   * @param singleBranch whether other branches are left out
   * @param submodules with the repository's submodules
   * @param shallowSubmodules these without their history
   * @param keepRemote whether the machine's modules stay those of the repository itself
   */
  public record CloneWish(
      Optional<String> directory,
      Optional<Integer> depth,
      boolean singleBranch,
      boolean submodules,
      boolean shallowSubmodules,
      boolean keepRemote) {}

  /**
   * A machine with a clone in its home.
   *
   * @param definition the machine
   * @param copy what is to be cloned
   */
  public record Cloned(MachineDefinition definition, WorkingCopy.Wish copy) {}

  /**
   * A machine with the modules of one flake, whose repository is to be cloned into its home.
   *
   * @param wish must name a repository
   * @throws Failure {@code BAD_REFERENCE} for what cannot be cloned, and as {@link #with}
   */
  public Cloned cloned(
      MachineDefinition machine, ModuleWish wish, CloneWish clone, Progress progress) {
    ParsedReference parsed = FlakeReference.parse(wish.url().orElseThrow());
    FlakeReference source = wish.pin().map(parsed.reference()::pinned).orElse(parsed.reference());
    WorkingCopy.address(source);
    WorkingCopy.Wish copy =
        new WorkingCopy.Wish(
            source,
            clone.directory().orElseGet(source::repositoryName),
            clone.depth(),
            clone.singleBranch(),
            clone.submodules(),
            clone.shallowSubmodules());
    MachineDefinition described = with(machine, wish, progress);
    if (!clone.keepRemote()) {
      for (MachineDefinition.Module module : described.modules()) {
        described =
            described.withReplaced(
                module.name(),
                new MachineDefinition.Module(module.name(), copy.local(), module.attribute()));
      }
    }
    return new Cloned(described, copy);
  }

  /**
   * A machine with one module changed: another repository, another state of it, another of its
   * modules, another name.
   *
   * @throws Failure {@code NO_SUCH_MODULE}, {@code BAD_USAGE} when nothing would change, {@code
   *     BAD_REFERENCE}, {@code MODULE_EXISTS}, {@code NIX_*}
   */
  public MachineDefinition withChanged(
      MachineDefinition machine, String module, ModuleWish wish, Progress progress) {
    MachineDefinition.Module old = machine.requireModule(module);
    if (wish.empty()) {
      throw Failure.of(FailureCode.BAD_USAGE, "nothing is to be changed")
          .next("Give a URL, --branch, --tag, --commit, --new-name or --use-nixpkgs.");
    }
    Optional<ParsedReference> parsed = wish.url().map(url -> parse(url, progress));
    FlakeReference reference =
        parsed
            .map(found -> located(machine.name(), found.reference(), wish.pin()))
            .orElseGet(() -> wish.pin().map(old.reference()::withPin).orElse(old.reference()));
    keep(machine.name(), reference, parsed.flatMap(ParsedReference::credentials), wish.auth());
    FlakeOffer offer = offers.read(machine.name(), reference, progress);
    if (wish.attributes().size() > 1) {
      throw Failure.of(FailureCode.BAD_USAGE, "one module cannot become several")
          .next("Add the others with 'codchi module add'.");
    }
    Optional<String> asked =
        wish.attributes().stream().findFirst().or(() -> parsed.flatMap(ParsedReference::module));
    ModuleAttribute attribute =
        asked.isEmpty() && offer.modules().contains(old.attribute())
            ? old.attribute()
            : ModuleAttribute.choose(offer.modules(), asked);
    String name = wish.newName().map(ModuleName::check).orElse(old.name());
    MachineDefinition changed =
        machine.withReplaced(old.name(), new MachineDefinition.Module(name, reference, attribute));
    return withNixpkgs(changed, wish.nixpkgs(), name, offer);
  }

  private static ParsedReference parse(String url, Progress progress) {
    ParsedReference parsed = FlakeReference.parse(url);
    parsed.remarks().forEach(progress::note);
    return parsed;
  }

  /** Moves what opens the repository to the machine's secrets. */
  private void keep(
      MachineName machine,
      FlakeReference reference,
      Optional<Credentials> found,
      Optional<SecretValue> given) {
    if (found.isPresent() && given.isPresent()) {
      throw Failure.of(FailureCode.BAD_USAGE, "credentials are given twice")
          .because("there are some in the address, and others with --auth")
          .next("Leave those in the address out.");
    }
    given.ifPresent(token -> tokens.keep(machine, RepositoryTokens.host(reference), "", token));
    // Over SSH a password is of no use to anybody.
    found
        .filter(ignored -> !(reference instanceof FlakeReference.GitSsh))
        .ifPresent(credentials -> {
          try (SecretValue value = SecretValue.ofText(credentials.secret())) {
            tokens.keep(machine, credentials.host(), credentials.user(), value);
          }
        });
  }

  /**
   * The nixpkgs that is chosen, and a clear failure where the machine would follow a flake that has
   * none.
   */
  private static MachineDefinition withNixpkgs(
      MachineDefinition machine, Optional<NixpkgsChoice> choice, String module, FlakeOffer offer) {
    MachineDefinition.Nixpkgs nixpkgs =
        choice.isEmpty()
            ? machine.nixpkgs()
            : switch (choice.get()) {
              case LOCAL -> new MachineDefinition.Nixpkgs.Default();
              case REMOTE -> new MachineDefinition.Nixpkgs.Follows(module);
            };
    if (nixpkgs.equals(new MachineDefinition.Nixpkgs.Follows(module)) && !offer.nixpkgs()) {
      throw Failure.of(
              FailureCode.NIX_NO_MODULE, "the flake of the module '" + module + "' has no nixpkgs")
          .because("it has no input of the name nixpkgs that the machine could follow")
          .next("Use codchi's nixpkgs with --use-nixpkgs local.");
    }
    return machine.withNixpkgs(nixpkgs);
  }

  private static void refuseTwice(
      MachineDefinition machine, FlakeReference reference, ModuleAttribute attribute) {
    for (MachineDefinition.Module module : machine.modules()) {
      if (module.reference().equals(reference) && module.attribute().equals(attribute)) {
        throw Failure.of(
                FailureCode.MODULE_EXISTS,
                "the machine '" + machine.name() + "' has this module already")
            .because("it is called '" + module.name() + "'")
            .next("'codchi module set' changes it.");
      }
    }
  }

  private FlakeReference located(MachineName machine, FlakeReference reference, Optional<Pin> pin) {
    FlakeReference pinned = pin.map(reference::pinned).orElse(reference);
    if (pinned instanceof FlakeReference.Local local) {
      Path home = settings.directories().home(machine.value());
      if (!Files.exists(home.resolve(local.path()).resolve(".git"))) {
        throw Failure.of(
                FailureCode.BAD_REFERENCE,
                "there is no git repository ~/" + local.path() + " in the machine " + machine)
            .next(
                "Clone it first: codchi exec "
                    + machine
                    + " git clone URL /home/codchi/"
                    + local.path());
      }
    }
    return absolute(pinned);
  }

  /**
   * A host directory by its own name; one inside a git work tree as a part of that, because nix
   * looks for the repository itself.
   */
  private static FlakeReference absolute(FlakeReference reference) {
    if (!(reference instanceof FlakeReference.HostPath relative)) {
      return reference;
    }
    FlakeReference.HostPath host = relative.absolute(Path.of(""));
    Path directory = Path.of(host.path());
    Path repository = SourceDirectories.repository(directory);
    if (repository == null
        || repository.equals(directory)
        || host.kind() == FlakeReference.HostPath.Kind.PLAIN) {
      return host;
    }
    String inside = repository.relativize(directory).resolve(host.directory()).toString();
    return new FlakeReference.HostPath(repository.toString(), host.kind(), host.pin(), inside);
  }
}
