package dev.codchi.config;

import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** All settings as they hold for this run, already validated. */
public class Settings {
  /**
   * A value and where it comes from.
   *
   * @param text the value as it was written
   * @param origin for people: {@code flag}, the variable's name, the file's path, or {@code
   *     default}
   */
  public record Value(String text, String origin) {}

  private final EnumMap<Setting, Value> values;
  private final Directories directories;

  Settings(Map<Setting, Value> values, Directories directories) {
    this.values = new EnumMap<>(Setting.class);
    this.values.putAll(values);
    this.directories = directories;
  }

  /** The value of a setting, or nothing where none is set and there is no default. */
  public Optional<Value> value(Setting setting) {
    return Optional.ofNullable(values.get(setting));
  }

  /** The text of a setting, or nothing where none is set and there is no default. */
  public Optional<String> text(Setting setting) {
    return value(setting).map(Value::text);
  }

  /** The text of a setting that has a default. */
  public String require(Setting setting) {
    return text(setting)
        .orElseThrow(() -> new IllegalStateException(setting.key() + " has no default"));
  }

  /** Whether a yes/no setting is on. */
  public boolean enabled(Setting setting) {
    return Boolean.parseBoolean(require(setting));
  }

  /** Where things are on the host. */
  public Directories directories() {
    return directories;
  }

  /** What the LXD adapter needs. */
  public LxdSettings lxd() {
    return new LxdSettings(
        text(Setting.LXD_SOCKET).map(Path::of), text(Setting.LXD_POOL), text(Setting.LXD_NETWORK));
  }

  /** How secrets are kept. */
  public SecretsSettings secrets() {
    return new SecretsSettings(
        text(Setting.SECRETS_PROVIDER),
        text(Setting.SECRETS_KEY_FILE)
            .map(Path::of)
            .orElseGet(() -> directories.config().resolve("secrets.key")),
        text(Setting.SECRETS_PASSPHRASE_FILE).map(Path::of),
        text(Setting.SECRETS_COMMAND)
            .map(line -> List.of(line.strip().split("\\s+")))
            .orElse(List.of()));
  }
}
