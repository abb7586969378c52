package dev.codchi.machines;

import dev.codchi.failure.ExitStatus;
import dev.codchi.failure.Failure;
import dev.codchi.network.Authorities;
import dev.codchi.network.Authority;
import dev.codchi.progress.Progress;
import dev.codchi.store.Store;
import jakarta.enterprise.context.ApplicationScoped;
import java.nio.file.Path;
import java.util.List;

/**
 * Adds and removes certificate authorities; the store follows at once, machines with the next
 * command that enters them.
 */
@ApplicationScoped
public class ChangeAuthorities {
  private final Authorities authorities;
  private final Store store;

  ChangeAuthorities(Authorities authorities, Store store) {
    this.authorities = authorities;
    this.store = store;
  }

  /**
   * Adds those in a file. Idempotent.
   *
   * @throws Failure as {@link Authorities#add}
   */
  public List<Authority> add(Path file, String name, Progress progress) {
    List<Authority> added = authorities.add(file, name);
    follow(progress);
    return added;
  }

  /**
   * Removes those of a name.
   *
   * @throws Failure {@code NO_SUCH_CERTIFICATE}
   */
  public void remove(String name, Progress progress) {
    authorities.remove(name);
    follow(progress);
  }

  private void follow(Progress progress) {
    try {
      store.followHost(progress);
    } catch (Failure unreachable) {
      if (unreachable.code().status() != ExitStatus.ENVIRONMENT) {
        throw unreachable;
      }
      // A store that does not run takes it over when it starts.
      progress.detail(unreachable.what());
    }
  }
}
