package dev.codchi.config;

import java.nio.file.Path;
import java.util.Map;

/** Settings for tests, with directories of their own and nothing of this computer. */
public final class TestSettings {
  private TestSettings() {}

  /** Defaults, below a directory. */
  public static Settings in(Path directory) {
    return SettingsReader.read(
        Map.of(),
        Map.of(
            "HOME", directory.toString(),
            "CODCHI_CONFIG_DIR", directory.resolve("config").toString(),
            "CODCHI_DATA_DIR", directory.resolve("data").toString()),
        "Linux");
  }
}
