package dev.codchi.network;

import dev.codchi.config.Settings;
import dev.codchi.redaction.KnownValues;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/** The network for tests: nothing of this computer's. */
public final class TestNetwork {
  private TestNetwork() {}

  /** Trusts nobody. */
  public static HostTrust trust(Settings settings) {
    return new HostTrust(
        () -> Optional.of(Path.of("/nonexistent")), new Authorities(settings::directories));
  }

  /** The proxies of an environment, which may change. */
  public static HostProxy proxy(Map<String, String> environment) {
    return new HostProxy(setting -> Optional.empty(), environment, new KnownValues());
  }
}
