package dev.codchi.machines.capabilities;

import dev.codchi.config.Setting;
import dev.codchi.config.Settings;
import dev.codchi.failure.Failure;
import dev.codchi.failure.FailureCode;
import dev.codchi.progress.Progress;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** Finds out, once, what a machine may use of the host, and remembers it. */
@ApplicationScoped
public class SettleConsents {
  private final Supplier<String> allowedForAll;
  private final KnownCapabilities known;
  private final ConsentPrompt prompt;

  @Inject
  SettleConsents(Settings settings, KnownCapabilities known, ConsentPrompt prompt) {
    this(() -> settings.text(Setting.CAPABILITIES_ALLOW).orElse(""), known, prompt);
  }

  /**
   * Asks this person.
   *
   * @param allowedForAll names of capabilities that no machine needs consent for, with spaces or
   *     commas between them
   */
  SettleConsents(Supplier<String> allowedForAll, KnownCapabilities known, ConsentPrompt prompt) {
    this.allowedForAll = allowedForAll;
    this.known = known;
    this.prompt = prompt;
  }

  /**
   * Called before a machine is built: asks for what was never answered, and says what the host
   * lacks. A host that lacks something can still build the machine, which may be used from another
   * session later.
   *
   * @param own the servers of the machine's own repositories, for what is limited to servers
   * @throws Failure {@code CAPABILITY_REFUSED} when the person does not allow what the machine
   *     requires; {@code NEEDS_ANSWER} when there is nobody to ask for it, or nothing that a
   *     question could name
   */
  public void settle(MachineSide machine, Wishes wishes, List<String> own, Progress progress) {
    Consents consents = Consents.read(machine);
    List<String> unasked = new ArrayList<>();
    for (String name : wishes.all()) {
      Optional<Capability> found = known.find(name);
      boolean required = wishes.required().contains(name);
      if (found.isEmpty()) {
        if (required) {
          progress.warn(machine.machine() + " needs " + name + ", which this codchi does not have");
        }
        continue;
      }
      Capability capability = found.get();
      Offer offer = capability.offer();
      if (required && !(offer instanceof Offer.Available)) {
        progress.warn(
            "%s needs %s, which this computer does not offer now: %s"
                .formatted(machine.machine(), name, offer.finding()));
      }
      boolean asks =
          answer(capability, consents).isEmpty()
              && (required
                  || (capability.consent() == Capability.Consent.ASKED
                      && offer instanceof Offer.Available));
      if (asks && prompt.isAnswered()) {
        List<String> servers = capability.limitedToServers() ? capability.servers(own) : List.of();
        if (capability.limitedToServers() && servers.isEmpty()) {
          throw unanswered(machine, capability);
        }
        boolean allowed = prompt.allows(machine.machine(), capability, servers);
        consents = consents.with(name, allowed, allowed ? servers : List.of());
        consents.write(machine);
      } else if (asks && !required) {
        unasked.add(name);
      }
      if (required) {
        requireAllowed(machine, capability, answer(capability, consents));
      }
    }
    if (!unasked.isEmpty()) {
      progress.note(
          "%s does not use %s of this computer; 'codchi capabilities allow %s %s' lets it."
              .formatted(
                  machine.machine(),
                  String.join(", ", unasked),
                  machine.machine(),
                  String.join(" ", unasked)));
    }
  }

  private static void requireAllowed(
      MachineSide machine, Capability capability, Optional<Boolean> answer) {
    String name = capability.name();
    if (answer.isEmpty()) {
      throw unanswered(machine, capability);
    }
    if (!answer.get()) {
      throw Failure.of(
              FailureCode.CAPABILITY_REFUSED,
              machine.machine() + " needs " + name + ", and you do not allow it")
          .next(makeOrChange(machine, name));
    }
  }

  private static Failure unanswered(MachineSide machine, Capability capability) {
    String name = capability.name();
    return Failure.of(
            FailureCode.NEEDS_ANSWER,
            "this needs an answer: may %s %s (%s)?"
                .formatted(machine.machine(), capability.purpose(), name))
        .because("the machine's modules require it")
        .next(
            makeOrChange(machine, name + (capability.limitedToServers() ? " --server HOST" : "")));
  }

  /** A machine that is being made is gone when that fails, so nothing can be allowed to it. */
  private static String makeOrChange(MachineSide machine, String allowed) {
    return "Make the machine with --allow %s; where it is there already, run 'codchi capabilities allow %s %s'."
        .formatted(allowed, machine.machine(), allowed);
  }

  /**
   * Answers with the servers that they are for: those of the machine where none were named.
   *
   * @param own the servers of the machine's own repositories
   * @throws Failure {@code BAD_USAGE} when there is no server at all
   */
  public Consents complete(String machine, Consents consents, List<String> own) {
    Consents whole = consents;
    for (Capability one : known.all()) {
      String name = one.name();
      boolean lacks =
          one.limitedToServers()
              && consents.of(name).orElse(false)
              && consents.serversOf(name).isEmpty();
      if (lacks) {
        List<String> servers = one.servers(own);
        if (servers.isEmpty()) {
          throw Failure.of(FailureCode.BAD_USAGE, "no server is named for " + name)
              .because("no module of %s comes from a repository over https".formatted(machine))
              .next("Name each server with --server, for example --server github.com.");
        }
        whole = whole.with(name, true, servers);
      }
    }
    return whole;
  }

  /**
   * Which capabilities a machine may use now.
   *
   * @param wishes of its present system
   */
  public List<Capability> allowed(MachineSide machine, Wishes wishes) {
    Consents consents = Consents.read(machine);
    Set<String> wished = wishes.all();
    return known.all().stream()
        .filter(one ->
            wished.contains(one.name())
                ? answer(one, consents).orElse(false)
                : consents.of(one.name()).orElse(false))
        .toList();
  }

  /**
   * What holds for a capability: the person's answer, else the settings', else nothing. Settings
   * name no servers, so they do not answer for what is limited to some.
   */
  public Optional<Boolean> answer(Capability capability, Consents consents) {
    if (capability.consent() == Capability.Consent.NOT_NEEDED) {
      return Optional.of(consents.of(capability.name()).orElse(true));
    }
    return consents
        .of(capability.name())
        .or(() ->
            !capability.limitedToServers() && allowedForAll().contains(capability.name())
                ? Optional.of(true)
                : Optional.empty());
  }

  private Set<String> allowedForAll() {
    return Arrays.stream(allowedForAll.get().split("[\\s,]+")).collect(Collectors.toSet());
  }
}
