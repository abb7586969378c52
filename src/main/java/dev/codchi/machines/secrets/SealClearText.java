package dev.codchi.machines.secrets;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.codchi.config.Directories;
import dev.codchi.config.Settings;
import dev.codchi.failure.Failure;
import dev.codchi.failure.FailureCode;
import dev.codchi.files.WholeFile;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Finds secrets in clear text and seals them. The beta of codchi kept a machine's secrets in {@code
 * machine/NAME/config.json}, as an object {@code secrets} of strings.
 */
@ApplicationScoped
public class SealClearText {
  /**
   * Secrets in clear text.
   *
   * @param machine the directory's name, which need not be a machine of this codchi
   * @param file where they are
   * @param names of those that have a value
   */
  public record Found(String machine, Path file, List<String> names) {}

  private static final String FILE = "config.json";
  private static final String SECRETS = "secrets";
  private static final int PRIVATE = 0600;

  private final Supplier<Directories> directories;
  private final Vaults vaults;

  @Inject
  SealClearText(Settings settings, Vaults vaults) {
    this(settings::directories, vaults);
  }

  /** Looks in these directories and seals into these vaults. */
  SealClearText(Supplier<Directories> directories, Vaults vaults) {
    this.directories = directories;
    this.vaults = vaults;
  }

  /** All files with secrets in clear text; what cannot be read as JSON is none. */
  public List<Found> find() {
    Path machines = directories.get().machines();
    List<Found> all = new ArrayList<>();
    if (!Files.isDirectory(machines)) {
      return all;
    }
    try (DirectoryStream<Path> children = Files.newDirectoryStream(machines)) {
      for (Path directory : children) {
        Path file = directory.resolve(FILE);
        Map<String, String> values = read(file).map(SealClearText::values).orElse(Map.of());
        if (!values.isEmpty()) {
          all.add(
              new Found(
                  directory.getFileName().toString(),
                  file,
                  values.keySet().stream().sorted().toList()));
        }
      }
    } catch (IOException e) {
      throw Failure.of(FailureCode.DIRECTORY_UNUSABLE, "cannot read " + machines)
          .because(e.toString())
          .causedBy(e);
    }
    return all;
  }

  /**
   * Seals what was found as the machine's variables, then removes it from the file, which keeps
   * everything else. A value that differs from one in the vault stays where it is, since nobody but
   * the person knows which one is right; so does one that cannot be a variable. Idempotent; killed
   * in between, it can be repeated.
   *
   * @return the names that are not in the file any more
   * @throws Failure what the vault or its key's keeper report; the file is then as it was
   */
  public List<String> seal(Found found) {
    ObjectNode document = read(found.file()).orElse(null);
    if (document == null) {
      return List.of();
    }
    Map<String, String> values = values(document);
    List<String> sealed =
        vaults.change(
            VaultLocation.of(directories.get(), found.machine()),
            "seal clear text of machine " + found.machine(),
            vault -> seal(values, vault));
    ObjectNode secrets = (ObjectNode) document.path(SECRETS);
    secrets.remove(sealed);
    WholeFile.write(found.file(), document.toPrettyString() + "\n", PRIVATE);
    return sealed;
  }

  private static List<String> seal(Map<String, String> values, Vault vault) {
    List<String> sealed = new ArrayList<>();
    values.forEach((name, text) -> {
      try (SecretValue value = SecretValue.ofText(text)) {
        if (holds(vault, SecretId.env(name), value)) {
          sealed.add(name);
        }
      } catch (Failure unfit) {
        if (unfit.code() != FailureCode.SECRET_NAME && unfit.code() != FailureCode.SECRET_VALUE) {
          throw unfit;
        }
      }
    });
    return sealed;
  }

  /** Whether the vault has this value for the secret, after it was given to one that has none. */
  private static boolean holds(Vault vault, SecretId id, SecretValue value) {
    Optional<SecretValue> present = vault.get(id);
    if (present.isEmpty()) {
      vault.set(id, value);
      return true;
    }
    try (SecretValue other = present.get()) {
      return other.equals(value);
    }
  }

  private static Map<String, String> values(ObjectNode document) {
    Map<String, String> values = new LinkedHashMap<>();
    document
        .path(SECRETS)
        .properties()
        .forEach(each -> {
          if (each.getValue().isTextual() && !each.getValue().textValue().isEmpty()) {
            values.put(each.getKey(), each.getValue().textValue());
          }
        });
    return values;
  }

  private static Optional<ObjectNode> read(Path file) {
    if (!Files.isRegularFile(file)) {
      return Optional.empty();
    }
    try {
      JsonNode root =
          JsonMapper.builder()
              .disable(JsonParser.Feature.INCLUDE_SOURCE_IN_LOCATION)
              .build()
              .readTree(Files.readAllBytes(file));
      return root instanceof ObjectNode document ? Optional.of(document) : Optional.empty();
    } catch (IOException notOurs) {
      return Optional.empty();
    }
  }
}
