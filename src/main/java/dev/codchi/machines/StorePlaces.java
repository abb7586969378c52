package dev.codchi.machines;

import dev.codchi.config.Settings;
import jakarta.enterprise.context.ApplicationScoped;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Where the store sees the places that modules come from: the machine's home below {@code /data},
 * and directories of the host below {@code /host}.
 */
@ApplicationScoped
class StorePlaces {
  private final Settings settings;

  StorePlaces(Settings settings) {
    this.settings = settings;
  }

  /** The places of one machine. */
  NixPlaces of(MachineName machine) {
    return new NixPlaces() {
      @Override
      public String machineHome() {
        return "/data/machine/" + machine;
      }

      @Override
      public String hostDirectory(String absolutePath) {
        return "/host" + absolutePath;
      }

      @Override
      public boolean isGit(String absolutePath) {
        return SourceDirectories.repository(Path.of(absolutePath)) != null;
      }

      @Override
      public boolean isShallow(String path) {
        return Files.exists(
            settings.directories().home(machine.value()).resolve(path).resolve(".git/shallow"));
      }
    };
  }
}
