package dev.codchi.machines.secrets;

import dev.codchi.failure.Failure;
import dev.codchi.failure.FailureCode;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jboss.logging.Logger;

/** Collects what a machine is delivered: opens its vault once, at most. */
@ApplicationScoped
public class CollectSecrets {
  private final Vaults vaults;
  private final ExternalValues external;

  /** Collects from these vaults, then from that program. */
  public CollectSecrets(Vaults vaults, ExternalValues external) {
    this.vaults = vaults;
    this.external = external;
  }

  /**
   * The required secrets that have no value anywhere that can be known without a key: for use
   * before anything is built. Secrets that codchi makes itself are not missing; where a program
   * keeps secrets, only {@link #collect} can tell.
   */
  public List<SecretDeclaration> missing(
      VaultLocation location, List<SecretDeclaration> declarations) {
    if (external.areConfigured()) {
      return List.of();
    }
    List<SecretDeclaration> needed =
        declarations.stream()
            .filter(SecretDeclaration::required)
            .filter(each -> each.generator().isEmpty())
            .toList();
    if (needed.isEmpty()) {
      return List.of();
    }
    List<SecretId> present = vaults.peek(location).map(SealedVault::ids).orElse(List.of());
    return needed.stream().filter(each -> !present.contains(each.id())).toList();
  }

  /**
   * Fails when {@link #missing} finds something.
   *
   * @throws Failure {@code SECRETS_MISSING} naming all of them, with the commands that set them
   */
  public void requireComplete(VaultLocation location, List<SecretDeclaration> declarations) {
    requireNone(location, missing(location, declarations));
  }

  /**
   * Makes the declared secrets that have a generator and no value yet.
   *
   * @return those that were made
   */
  public List<SecretId> generate(VaultLocation location, List<SecretDeclaration> declarations) {
    List<SecretId> present = vaults.peek(location).map(SealedVault::ids).orElse(List.of());
    boolean complete =
        declarations.stream()
            .allMatch(each -> each.generator().isEmpty() || present.contains(each.id()));
    if (complete) {
      return List.of();
    }
    return vaults.change(
        location,
        "make secrets of machine " + location.machine(),
        vault -> {
          List<SecretId> made = new ArrayList<>();
          for (SecretDeclaration declaration : declarations) {
            Optional<SecretGenerator> generator = declaration.generator();
            if (generator.isPresent() && !vault.ids().contains(declaration.id())) {
              try (SecretValue value = generator.get().generate()) {
                vault.set(declaration.id(), value);
              }
              made.add(declaration.id());
            }
          }
          return made;
        });
  }

  /**
   * The values of all declared secrets, to be closed by the caller. Optional ones without a value
   * are left out, also when the program that keeps secrets fails for them.
   *
   * @throws Failure {@code SECRETS_MISSING} naming all that are required and have no value
   */
  public CollectedSecrets collect(VaultLocation location, List<SecretDeclaration> declarations) {
    CollectedSecrets collected = available(location, declarations);
    try {
      requireNone(
          location,
          declarations.stream()
              .filter(SecretDeclaration::required)
              .filter(each -> !collected.values().containsKey(each.id()))
              .toList());
      return collected;
    } catch (RuntimeException failed) {
      collected.close();
      throw failed;
    }
  }

  /**
   * Like {@link #collect}, but required secrets without a value are left out, too: for a machine
   * that runs, which tells by itself what it lacks.
   */
  public CollectedSecrets available(VaultLocation location, List<SecretDeclaration> declarations) {
    Map<SecretId, SecretValue> values = new LinkedHashMap<>();
    try {
      Map<SecretId, SecretValue> sealed = fromVault(location, declarations);
      values.putAll(sealed);
      for (SecretDeclaration declaration : declarations) {
        if (!sealed.containsKey(declaration.id())) {
          fromProgram(location, declaration)
              .ifPresent(value -> values.put(declaration.id(), value));
        }
      }
      return new CollectedSecrets(values);
    } catch (RuntimeException failed) {
      values.values().forEach(SecretValue::close);
      throw failed;
    }
  }

  private Map<SecretId, SecretValue> fromVault(
      VaultLocation location, List<SecretDeclaration> declarations) {
    List<SecretId> present = vaults.peek(location).map(SealedVault::ids).orElse(List.of());
    List<SecretId> wanted =
        declarations.stream().map(SecretDeclaration::id).filter(present::contains).toList();
    if (wanted.isEmpty()) {
      return Map.of();
    }
    return vaults
        .read(
            location,
            vault -> {
              Map<SecretId, SecretValue> found = new LinkedHashMap<>();
              wanted.forEach(id -> vault.get(id).ifPresent(value -> found.put(id, value)));
              return found;
            })
        .orElse(Map.of());
  }

  private Optional<SecretValue> fromProgram(VaultLocation location, SecretDeclaration declaration) {
    try {
      return external.read(location.machine(), declaration.id());
    } catch (Failure failed) {
      if (declaration.required()) {
        throw failed;
      }
      Logger.getLogger(CollectSecrets.class)
          .info("Without the optional secret: " + failed.what(), failed);
      return Optional.empty();
    }
  }

  static void requireNone(VaultLocation location, List<SecretDeclaration> missing) {
    if (missing.isEmpty()) {
      return;
    }
    StringBuilder what = new StringBuilder("Machine " + location.machine() + " needs ");
    what.append(missing.size() == 1 ? "a secret that has" : "secrets that have")
        .append(" no value:");
    StringBuilder commands = new StringBuilder("Set ");
    commands.append(missing.size() == 1 ? "it" : "them").append(" with:");
    for (SecretDeclaration declaration : missing) {
      what.append("\n  ").append(declaration.id());
      if (!declaration.description().isEmpty()) {
        what.append(": ").append(declaration.description().replaceAll("\\s*\\R\\s*", " "));
      }
      commands
          .append("\n  codchi secrets set ")
          .append(location.machine())
          .append(' ')
          .append(declaration.id().name())
          .append(" --kind ")
          .append(declaration.id().kind().word());
    }
    throw Failure.of(FailureCode.SECRETS_MISSING, what.toString()).next(commands.toString());
  }
}
