package dev.codchi.config;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.toml.TomlMapper;
import dev.codchi.failure.Failure;
import dev.codchi.failure.FailureCode;
import io.smallrye.config.SmallRyeConfig;
import io.smallrye.config.SmallRyeConfigBuilder;
import io.smallrye.config.common.MapBackedConfigSource;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.eclipse.microprofile.config.ConfigValue;
import org.jspecify.annotations.Nullable;

/**
 * Reads the settings: flags before environment before {@code config.toml} before defaults. Nothing
 * is read from the current directory. All mistakes are reported at once.
 */
@ApplicationScoped
public class SettingsReader {
  private static final String FLAG = "flag";
  private static final String ENVIRONMENT = "environment";
  private static final String DEFAULT = "default";

  private final FlagSettings flags;

  SettingsReader(FlagSettings flags) {
    this.flags = flags;
  }

  /** The settings of this run. */
  @Produces
  @ApplicationScoped
  Settings settings() {
    return read(flags.values(), System.getenv(), System.getProperty("os.name", ""));
  }

  /** The part of the settings that the LXD adapter needs. */
  @Produces
  @Singleton
  LxdSettings lxd(Settings settings) {
    return settings.lxd();
  }

  /**
   * Reads settings from explicit sources.
   *
   * @throws Failure {@code BAD_SETTINGS} listing every mistake; {@code UNREADABLE_SETTINGS} when
   *     the file cannot be read
   */
  static Settings read(Map<String, String> flags, Map<String, String> environment, String system) {
    Path config = configDirectory(environment, system);
    Path file = config.resolve("config.toml");
    List<String> mistakes = new ArrayList<>();
    Map<String, String> fromFile = readFile(file, mistakes);
    Map<String, String> fromEnvironment = new LinkedHashMap<>();
    for (Setting setting : Setting.values()) {
      String value = environment.get(setting.variable());
      if (value != null) {
        fromEnvironment.put(setting.key(), value);
      }
    }
    flags.keySet().stream()
        .filter(key -> Setting.byKey(key).isEmpty())
        .forEach(key -> mistakes.add("--set " + key + ": there is no such setting"));

    SmallRyeConfig merged =
        new SmallRyeConfigBuilder()
            .withSources(
                new Source(FLAG, flags, 400),
                new Source(ENVIRONMENT, fromEnvironment, 300),
                new Source(file.toString(), fromFile, 200),
                new Source(DEFAULT, defaults(), 100))
            .build();
    Map<Setting, Settings.Value> values = new EnumMap<>(Setting.class);
    for (Setting setting : Setting.values()) {
      ConfigValue found = merged.getConfigValue(setting.key());
      String raw = found.getRawValue();
      if (raw == null) {
        continue;
      }
      String origin = origin(found.getSourceName(), setting);
      if (setting.kind().accepts(raw)) {
        values.put(setting, new Settings.Value(raw, origin));
      } else {
        mistakes.add(
            "%s (from %s): expected %s, found '%s'"
                .formatted(setting.key(), origin, setting.kind().expectation(), raw));
      }
    }
    if (!mistakes.isEmpty()) {
      throw Failure.of(
          FailureCode.BAD_SETTINGS,
          "the settings are not usable:\n  - " + String.join("\n  - ", mistakes));
    }
    Settings.Value data = values.get(Setting.DATA_DIR);
    Path dataDirectory = data == null ? defaultData(environment, system) : Path.of(data.text());
    return new Settings(values, new Directories(config.normalize(), dataDirectory.normalize()));
  }

  private static String origin(@Nullable String source, Setting setting) {
    if (source == null) {
      return DEFAULT;
    }
    return source.equals(ENVIRONMENT) ? setting.variable() : source;
  }

  /** Settings from one place, which is told to people by its name. */
  private static final class Source extends MapBackedConfigSource {
    private static final long serialVersionUID = 1L;

    Source(String name, Map<String, String> settings, int ordinal) {
      super(name, settings, ordinal);
    }
  }

  private static Map<String, String> defaults() {
    Map<String, String> defaults = new LinkedHashMap<>();
    for (Setting setting : Setting.values()) {
      setting.defaultValue().ifPresent(value -> defaults.put(setting.key(), value));
    }
    return defaults;
  }

  private static Path configDirectory(Map<String, String> environment, String system) {
    String explicit = environment.get("CODCHI_CONFIG_DIR");
    if (explicit != null && !explicit.isEmpty()) {
      return absolute("CODCHI_CONFIG_DIR", explicit);
    }
    if (windows(system)) {
      return absolute("APPDATA", required(environment, "APPDATA")).resolve("codchi");
    }
    return xdg(environment, "XDG_CONFIG_HOME", ".config");
  }

  private static Path defaultData(Map<String, String> environment, String system) {
    if (windows(system)) {
      return absolute("LOCALAPPDATA", required(environment, "LOCALAPPDATA")).resolve("codchi");
    }
    return xdg(environment, "XDG_DATA_HOME", ".local/share");
  }

  /**
   * XDG Base Directory Specification 0.8: a relative path in these variables is invalid and is
   * ignored.
   */
  private static Path xdg(Map<String, String> environment, String variable, String fallback) {
    String base = environment.get(variable);
    if (base != null && base.startsWith("/")) {
      return Path.of(base, "codchi");
    }
    return absolute("HOME", required(environment, "HOME")).resolve(fallback).resolve("codchi");
  }

  private static String required(Map<String, String> environment, String variable) {
    String value = environment.get(variable);
    if (value == null || value.isEmpty()) {
      throw Failure.of(
              FailureCode.BAD_SETTINGS,
              "the variable " + variable + " is not set, so there is no place for codchi's files")
          .next("Set " + variable + ", or CODCHI_CONFIG_DIR and CODCHI_DATA_DIR.");
    }
    return value;
  }

  private static Path absolute(String variable, String value) {
    if (!Setting.Kind.PATH.accepts(value)) {
      throw Failure.of(
          FailureCode.BAD_SETTINGS,
          "the variable " + variable + " must hold an absolute path, found '" + value + "'");
    }
    return Path.of(value);
  }

  private static boolean windows(String system) {
    return system.toLowerCase(Locale.ROOT).startsWith("windows");
  }

  private static Map<String, String> readFile(Path file, List<String> mistakes) {
    Map<String, String> values = new LinkedHashMap<>();
    if (!Files.exists(file)) {
      return values;
    }
    JsonNode root;
    try {
      root = new TomlMapper().readTree(Files.readString(file));
    } catch (JacksonException e) {
      throw Failure.of(
              FailureCode.UNREADABLE_SETTINGS, "the settings file " + file + " is not valid TOML")
          .because(e.getOriginalMessage() + position(e))
          .causedBy(e);
    } catch (IOException e) {
      throw Failure.of(FailureCode.UNREADABLE_SETTINGS, "cannot read the settings file " + file)
          .because(e.toString())
          .causedBy(e);
    }
    flatten("", root, values);
    for (String key : values.keySet()) {
      if (Setting.byKey(key).isEmpty()) {
        mistakes.add(key + " (from " + file + "): there is no such setting");
      }
    }
    return values;
  }

  private static String position(JacksonException e) {
    return e.getLocation() == null ? "" : " (line " + e.getLocation().getLineNr() + ")";
  }

  private static void flatten(String prefix, JsonNode node, Map<String, String> into) {
    for (Map.Entry<String, JsonNode> field : node.properties()) {
      String key = prefix + field.getKey();
      JsonNode value = field.getValue();
      if (value.isObject()) {
        flatten(key + ".", value, into);
      } else if (value.isArray()) {
        List<String> items = new ArrayList<>();
        value.forEach(item -> items.add(item.asText()));
        into.put(key, String.join(" ", items));
      } else {
        into.put(key, value.asText());
      }
    }
  }
}
