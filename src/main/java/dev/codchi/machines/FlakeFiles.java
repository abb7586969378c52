package dev.codchi.machines;

import dev.codchi.config.Setting;
import dev.codchi.config.Settings;
import dev.codchi.files.WholeFile;
import dev.codchi.store.Nix;
import jakarta.enterprise.context.ApplicationScoped;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * The two files that a machine's system is built from, {@code flake.nix} and {@code flake.lock},
 * and their fingerprint. Files only: nothing is started, asked or evaluated.
 */
@ApplicationScoped
class FlakeFiles {
  /** The machine driver's module for this host; see {@code src/main/nix}. */
  private static final String DRIVER = "lxd";

  private static final String FLAKE = "flake.nix";
  private static final String LOCK = "flake.lock";

  private final Settings settings;
  private final Machines machines;
  private final StorePlaces places;

  FlakeFiles(Settings settings, Machines machines, StorePlaces places) {
    this.settings = settings;
    this.machines = machines;
    this.places = places;
  }

  /**
   * Writes the flake that belongs to a definition.
   *
   * @param driver where the store sees the machine driver
   */
  void write(MachineDefinition definition, String driver, Path directory) {
    WholeFile.write(directory.resolve(FLAKE), text(definition, driver), 0644);
  }

  /**
   * What {@link InstalledSystem} would say of a system that is built now without updates: the
   * fingerprint of the definition's flake and the present lock.
   *
   * @param driver where the store sees the machine driver
   */
  String wanted(MachineDefinition definition, String driver) {
    return fingerprint(
        text(definition, driver).getBytes(StandardCharsets.UTF_8),
        content(machines.directory(definition.name()), LOCK));
  }

  /**
   * A fingerprint of everything that a system is built from; changes whenever one of the inputs
   * does.
   */
  static String fingerprint(Path directory) {
    return fingerprint(content(directory, FLAKE), content(directory, LOCK));
  }

  private String text(MachineDefinition definition, String driver) {
    return MachineFlake.generate(
        definition,
        new MachineFlake.Surroundings(
            "path:" + driver, settings.require(Setting.NIXPKGS), Nix.system(), DRIVER),
        places.of(definition.name()));
  }

  private static byte[] content(Path directory, String name) {
    return WholeFile.read(directory.resolve(name)).orElse(new byte[0]);
  }

  private static String fingerprint(byte[] flake, byte[] lock) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      digest.update(FLAKE.getBytes(StandardCharsets.UTF_8));
      digest.update(flake);
      digest.update(LOCK.getBytes(StandardCharsets.UTF_8));
      digest.update(lock);
      return HexFormat.of().formatHex(digest.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
