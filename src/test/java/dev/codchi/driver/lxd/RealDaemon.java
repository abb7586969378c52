package dev.codchi.driver.lxd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import dev.codchi.config.LxdSettings;
import dev.codchi.failure.Failure;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Finds a real daemon for the tests, or skips them. */
final class RealDaemon {
  private RealDaemon() {}

  /**
   * A driver for the daemon of that kind, in one of the usual places or where the test bed or
   * {@code CODCHI_LXD_SOCKET} has it. Without one the tests are skipped, unless {@code CODCHI_E2E}
   * is {@code required}.
   */
  static LxdDriver find(String backend) {
    List<Path> places = new ArrayList<>();
    String named = System.getenv("CODCHI_LXD_SOCKET");
    if (named != null) {
      places.add(Path.of(named));
    }
    places.add(Path.of("/var/lib/codchi-testbed/" + backend + "/unix.socket"));
    places.addAll(LxdSocket.locate(Optional.empty(), Map.of()).candidates());
    List<String> reasons = new ArrayList<>();
    for (Path socket : places) {
      if (Files.exists(socket)) {
        LxdApi api =
            new LxdApi(new UnixLxdConnection(LxdSocket.locate(Optional.of(socket), Map.of())));
        try {
          if (Server.check(api.get("/1.0")).backend().equals(backend)) {
            LxdSettings settings =
                new LxdSettings(
                    Optional.of(socket),
                    testBeds(api, "/1.0/storage-pools/codchitest"),
                    Optional.empty());
            return new LxdDriver(settings, Map.of(), SubordinateIds.HOST);
          }
        } catch (Failure unusable) {
          reasons.add(unusable.what());
        }
      }
    }
    String reason =
        "no usable "
            + backend
            + " on this computer"
            + (reasons.isEmpty() ? "" : " (" + String.join("; ", reasons) + ")")
            + ": run src/test/e2e/testbed up as root to get one";
    assertThat(System.getenv("CODCHI_E2E")).as(reason).isNotEqualTo("required");
    return abort(reason);
  }

  /** The test bed's own pool where there is one, else whatever the driver finds. */
  private static Optional<String> testBeds(LxdApi api, String path) {
    try {
      return Optional.of(api.get(path).path("name").asText());
    } catch (LxdError error) {
      if (error.missing()) {
        return Optional.empty();
      }
      throw error;
    }
  }
}
