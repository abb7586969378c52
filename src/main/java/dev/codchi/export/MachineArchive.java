package dev.codchi.export;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.codchi.failure.Failure;
import dev.codchi.failure.FailureCode;
import dev.codchi.machines.MachineDefinition;
import dev.codchi.machines.MachineDefinitionJson;
import dev.codchi.machines.MachineName;
import java.io.EOFException;
import java.io.IOException;
import java.nio.channels.ReadableByteChannel;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Optional;

/**
 * What a whole archive says of its machine, after every member was checked.
 *
 * @param description what {@code codchi tar} wrote first; nothing in archives of others
 * @param lock the flake's lock
 * @param members how many there are
 */
record MachineArchive(Optional<String> description, Optional<byte[]> lock, long members) {
  private static final int MOST = 4 * 1024 * 1024;
  private static final String SCHEMA = "codchi/machine-archive/";

  /**
   * Reads an archive to its end.
   *
   * @throws Failure {@code IMPORT_REFUSED} when it is damaged, cut off, or holds what no machine
   *     has
   */
  static MachineArchive read(ReadableByteChannel source, ArchiveRules rules) throws IOException {
    TarInput input = new TarInput(source);
    Optional<String> description = Optional.empty();
    Optional<byte[]> lock = Optional.empty();
    long members = 0;
    try {
      TarEntry entry;
      while ((entry = input.next()) != null) {
        rules.check(entry);
        members++;
        if (entry.type() == TarEntry.FILE && entry.name().equals(MachineFiles.DESCRIPTION)) {
          description = Optional.of(new String(input.content(entry, MOST), StandardCharsets.UTF_8));
        } else if (entry.type() == TarEntry.FILE && entry.name().equals("etc/nixos/flake.lock")) {
          lock = Optional.of(input.content(entry, MOST));
        }
      }
    } catch (TarInput.DamagedArchive | EOFException e) {
      throw Failure.of(FailureCode.IMPORT_REFUSED, "the archive is not imported")
          .because(e.getMessage())
          .causedBy(e);
    }
    return new MachineArchive(description, lock, members);
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
      JsonNode json = new ObjectMapper().readTree(description.get());
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
      throw Failure.of(FailureCode.IMPORT_REFUSED, "the archive is not imported")
          .because("its description of the machine is damaged")
          .causedBy(e);
    }
  }
}
