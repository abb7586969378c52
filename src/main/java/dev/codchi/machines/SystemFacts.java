package dev.codchi.machines;

import com.fasterxml.jackson.databind.JsonNode;
import dev.codchi.failure.Failure;
import dev.codchi.failure.FailureCode;
import dev.codchi.files.JsonText;
import dev.codchi.store.StoreFiles;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.util.Optional;

/**
 * What a built system says of itself in {@code codchi/driver.json}; see {@code
 * src/main/nix/README.md}.
 */
@ApplicationScoped
class SystemFacts {
  private final StoreFiles storeFiles;

  SystemFacts(StoreFiles storeFiles) {
    this.storeFiles = storeFiles;
  }

  /** The NixOS release whose defaults for state the system has. */
  Optional<String> stateVersion(String system) {
    return driver(system)
        .map(driver -> driver.path("stateVersion").asText())
        .filter(text -> !text.isEmpty());
  }

  private Optional<JsonNode> driver(String system) {
    return storeFiles
        .read(system + "/codchi/driver.json")
        .map(content -> {
          try {
            return JsonText.MAPPER.readTree(content);
          } catch (IOException e) {
            throw Failure.of(
                    FailureCode.MACHINE_BROKEN,
                    "the file codchi/driver.json of " + system + " is damaged")
                .because(e.toString())
                .causedBy(e);
          }
        });
  }
}
