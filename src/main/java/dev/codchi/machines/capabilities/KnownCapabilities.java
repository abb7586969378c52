package dev.codchi.machines.capabilities;

import dev.codchi.failure.Failure;
import dev.codchi.failure.FailureCode;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Any;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Inject;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

/** All capabilities that this codchi knows; made only when somebody asks for one. */
@ApplicationScoped
public class KnownCapabilities {
  private final Iterable<Capability> capabilities;

  @Inject
  KnownCapabilities(@Any Instance<Capability> capabilities) {
    this.capabilities = capabilities;
  }

  /** These. */
  KnownCapabilities(List<Capability> capabilities) {
    this.capabilities = capabilities;
  }

  /** All, by name. */
  public List<Capability> all() {
    return StreamSupport.stream(capabilities.spliterator(), false)
        .sorted(Comparator.comparing(Capability::name))
        .toList();
  }

  /** The one of that name. */
  public Optional<Capability> find(String name) {
    return StreamSupport.stream(capabilities.spliterator(), false)
        .filter(one -> one.name().equals(name))
        .findFirst();
  }

  /**
   * The one of that name.
   *
   * @throws Failure {@code BAD_USAGE}
   */
  public Capability require(String name) {
    return find(name)
        .orElseThrow(() ->
            Failure.of(FailureCode.BAD_USAGE, "there is no capability '" + name + "'")
                .next(
                    "There are: "
                        + all().stream().map(Capability::name).collect(Collectors.joining(", "))
                        + "."));
  }
}
