package dev.codchi.export;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.codchi.failure.Failure;
import dev.codchi.failure.FailureCode;
import dev.codchi.files.JsonText;
import dev.codchi.machines.MachineDefinition;
import dev.codchi.machines.MachineDefinitionJson;
import dev.codchi.machines.MachineName;
import dev.codchi.machines.secrets.SecretId;
import dev.codchi.machines.secrets.SecretValue;
import java.io.EOFException;
import java.io.IOException;
import java.nio.channels.ReadableByteChannel;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a whole archive says of its machine, after every member was checked.
 *
 * @param description what {@code codchi tar} wrote first; nothing in archives of others
 * @param lock the flake's lock
 * @param flake the text of the flake in {@code /etc/nixos}, empty without one
 * @param secrets what it has in clear text: what its description says, or what the original Codchi
 *     wrote
 * @param prefix what all names of the machine's files have in front: an image of LXD or Incus has
 *     them below {@code rootfs/}; empty otherwise
 * @param members how many there are
 */
record MachineArchive(
    Optional<String> description,
    Optional<byte[]> lock,
    String flake,
    Map<SecretId, SecretValue> secrets,
    String prefix,
    long members) {
  private static final int MOST = 4 * 1024 * 1024;
  private static final int MOST_OF_A_SECRET = 1024 * 1024;
  private static final int MOST_SECRETS = 1000;
  private static final String LOCK = "etc/nixos/flake.lock";
  private static final String FLAKE = "etc/nixos/flake.nix";
  private static final String SCHEMA = "codchi/machine-archive/";

  /**
   * Reads an archive to its end.
   *
   * @throws Failure {@code IMPORT_REFUSED} when it is damaged, cut off, or holds what no machine
   *     has
   */
  static MachineArchive read(ReadableByteChannel source, ArchiveRules rules) throws IOException {
    TarInput input = new TarInput(source);
    Map<String, byte[]> kept = new HashMap<>();
    String prefix = "";
    long members = 0;
    try {
      TarEntry entry;
      while ((entry = input.next()) != null) {
        rules.check(entry);
        if (members == 0 && entry.name().equals("metadata.yaml")) {
          prefix = ContainerImages.ROOT;
        }
        members++;
        String name = entry.below(prefix).name();
        if (entry.type() == TarEntry.FILE && isKept(name) && kept.size() < MOST_SECRETS) {
          int most = name.startsWith(ArchivedSecrets.FILES) ? MOST_OF_A_SECRET : MOST;
          kept.put(name, input.content(entry, most));
        }
      }
    } catch (TarInput.DamagedArchive | EOFException e) {
      throw Failure.of(FailureCode.IMPORT_REFUSED, "the archive is not imported")
          .because(e.getMessage())
          .causedBy(e);
    }
    return new MachineArchive(
        text(kept, MachineFiles.DESCRIPTION),
        Optional.ofNullable(kept.get(LOCK)),
        text(kept, FLAKE).orElse(""),
        secrets(kept),
        prefix,
        members);
  }

  private static boolean isKept(String name) {
    return name.equals(MachineFiles.DESCRIPTION)
        || name.equals(LOCK)
        || name.equals(FLAKE)
        || name.equals(MachineFiles.ENVIRONMENT)
        || (name.startsWith(ArchivedSecrets.FILES)
            && name.indexOf('/', ArchivedSecrets.FILES.length()) < 0);
  }

  private static Optional<String> text(Map<String, byte[]> kept, String name) {
    return Optional.ofNullable(kept.get(name))
        .map(content -> new String(content, StandardCharsets.UTF_8));
  }

  private static Map<SecretId, SecretValue> secrets(Map<String, byte[]> kept) {
    Map<SecretId, SecretValue> secrets = new HashMap<>();
    try {
      byte[] environment = kept.getOrDefault(MachineFiles.ENVIRONMENT, new byte[0]);
      Optional<String> described = text(kept, MachineFiles.DESCRIPTION);
      if (described.isEmpty()) {
        secrets.putAll(ArchivedSecrets.ofOriginal(environment));
        return secrets;
      }
      String description = described.get();
      if (!JsonText.MAPPER.readTree(description).path("secrets").asBoolean()) {
        return secrets;
      }
      secrets.putAll(ArchivedSecrets.ofEnvironment(environment));
      kept.forEach((name, content) -> {
        if (name.startsWith(ArchivedSecrets.FILES)) {
          secrets.put(
              SecretId.file(name.substring(ArchivedSecrets.FILES.length())),
              SecretValue.owning(content));
        }
      });
      return secrets;
    } catch (JsonProcessingException damaged) {
      return secrets; // told when the description itself is read
    }
  }

  /** The modules that the flake of an archive without a description names. */
  List<OriginalFlake.Module> modules() {
    return description.isPresent() ? List.of() : OriginalFlake.modules(flake);
  }

  /**
   * The machine that it describes, under another name; one without modules where it does not
   * describe any.
   *
   * @throws Failure {@code IMPORT_REFUSED} when the description is damaged or of a newer codchi
   */
  MachineDefinition definition(MachineName name) {
    if (description.isEmpty()) {
      return MachineDefinition.empty(name, Instant.now());
    }
    try {
      JsonNode json = JsonText.MAPPER.readTree(description.get());
      String schema = json.path("schema").asText();
      if (!schema.equals(SCHEMA + MachineFiles.VERSION)) {
        throw Failure.of(FailureCode.IMPORT_REFUSED, "the archive is not imported")
            .because("it is of the kind '" + schema.replaceAll("[^\\x20-\\x7e]", "?") + "'")
            .next("Update codchi to the version that wrote it.");
      }
      return MachineDefinitionJson.read(
              json.path("definition").asText(), MachineFiles.DESCRIPTION + " of the archive")
          .withName(name);
    } catch (JsonProcessingException e) {
      throw damagedDescription(e);
    } catch (Failure e) {
      // On this computer a person could mend the file; in an archive nobody should.
      throw e.code() == FailureCode.MACHINE_BROKEN ? damagedDescription(e) : e;
    }
  }

  private static Failure damagedDescription(Exception cause) {
    return Failure.of(FailureCode.IMPORT_REFUSED, "the archive is not imported")
        .because("its description of the machine is damaged")
        .causedBy(cause);
  }
}
