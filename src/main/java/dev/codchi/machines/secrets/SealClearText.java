package dev.codchi.machines.secrets;

import dev.codchi.config.Directories;
import dev.codchi.config.Settings;
import dev.codchi.failure.Failure;
import dev.codchi.failure.FailureCode;
import dev.codchi.files.WholeFile;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Finds secrets in clear text and seals them. The beta of codchi kept a machine's secrets in {@code
 * machine/NAME/config.json}, as an object {@code secrets} of strings, and tokens of repositories in
 * the addresses of its {@code modules}; from there they came into the flake that it made and its
 * lock file, which lie beside it.
 */
@ApplicationScoped
public class SealClearText {
  /**
   * Secrets in clear text.
   *
   * @param machine the directory's name, which need not be a machine of this codchi
   * @param file where they are
   * @param names of those that have a value: of a variable, or {@code token SERVER}
   */
  public record Found(String machine, Path file, List<String> names) {}

  private static final String CONFIGURATION = "config.json";
  private static final List<String> FILES = List.of(CONFIGURATION, "flake.nix", "flake.lock");
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

  /** All files with secrets in clear text; what cannot be read is none. */
  public List<Found> find() {
    Path machines = directories.get().machines();
    List<Found> all = new ArrayList<>();
    if (!Files.isDirectory(machines)) {
      return all;
    }
    try (DirectoryStream<Path> children = Files.newDirectoryStream(machines)) {
      for (Path directory : children) {
        for (String name : FILES) {
          Path file = directory.resolve(name);
          List<String> names = read(file).map(ClearText::names).orElse(List.of());
          if (!names.isEmpty()) {
            all.add(new Found(directory.getFileName().toString(), file, names));
          }
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
   * Seals what was found, variables as the machine's variables and tokens as its tokens, then
   * removes it from the file, which keeps everything else. A value that differs from one in the
   * vault stays where it is, since nobody but the person knows which one is right; so does one that
   * cannot be what it is there for. Idempotent; killed in between, it can be repeated.
   *
   * @return the names that are not in the file any more
   * @throws Failure what the vault or its key's keeper report; the file is then as it was
   */
  public List<String> seal(Found found) {
    ClearText text = read(found.file()).orElse(null);
    if (text == null || text.names().isEmpty()) {
      return List.of();
    }
    Set<ClearText.Value> sealed =
        vaults.change(
            VaultLocation.of(directories.get(), found.machine()),
            "seal clear text of machine " + found.machine(),
            vault -> seal(text.values(), vault));
    WholeFile.write(found.file(), text.without(sealed), PRIVATE);
    List<String> left = read(found.file()).map(ClearText::names).orElse(List.of());
    return text.names().stream().filter(name -> !left.contains(name)).toList();
  }

  private static Set<ClearText.Value> seal(List<ClearText.Value> values, Vault vault) {
    Set<ClearText.Value> sealed = new HashSet<>();
    for (ClearText.Value each : values) {
      try (SecretValue value = SecretValue.ofText(each.text())) {
        if (holds(vault, new SecretId(each.kind(), each.name()), value)) {
          sealed.add(each);
        }
      } catch (Failure unfit) {
        if (unfit.code() != FailureCode.SECRET_NAME && unfit.code() != FailureCode.SECRET_VALUE) {
          throw unfit;
        }
      }
    }
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

  private static Optional<ClearText> read(Path file) {
    if (!Files.isRegularFile(file)) {
      return Optional.empty();
    }
    try {
      byte[] content = Files.readAllBytes(file);
      return file.endsWith(CONFIGURATION)
          ? ClearText.ofConfiguration(content)
          : Optional.of(ClearText.ofText(new String(content, StandardCharsets.UTF_8)));
    } catch (IOException unreadable) {
      return Optional.empty();
    }
  }
}
