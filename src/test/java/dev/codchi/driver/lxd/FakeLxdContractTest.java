package dev.codchi.driver.lxd;

import dev.codchi.config.LxdSettings;
import dev.codchi.driver.lxd.fake.FakeLxd;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

/** The contract, kept with the fake daemon. */
class FakeLxdContractTest extends ContainerContract {
  @TempDir static Path directory;
  private static FakeLxd daemon;
  private static LxdDriver driver;

  @BeforeAll
  static void start() throws IOException {
    daemon = new FakeLxd(directory);
    driver =
        new LxdDriver(
            new LxdSettings(Optional.of(daemon.socket()), Optional.empty(), Optional.empty()),
            Map.of(),
            SubordinateIds.HOST);
  }

  @AfterAll
  static void stop() throws IOException {
    daemon.close();
  }

  @Override
  LxdDriver driver() {
    return driver;
  }

  @Override
  boolean real() {
    return false;
  }
}
