package dev.codchi.machines.secrets.windows;

import dev.codchi.machines.secrets.keys.KeyProvider;
import dev.codchi.machines.secrets.keys.ProtectedKeyProvider;
import dev.codchi.machines.secrets.keys.SystemKeeper;
import io.quarkus.arc.profile.IfBuildProfile;
import jakarta.enterprise.context.ApplicationScoped;

/** On Windows the operating system seals keys for the person who is signed in. */
@ApplicationScoped
@IfBuildProfile("windows")
class DpapiKeeper implements SystemKeeper {
  @Override
  public String id() {
    return ProtectedKeyProvider.DPAPI;
  }

  /** A part of every Windows; that it refuses shows only when it is used. */
  @Override
  public boolean isReachable() {
    return true;
  }

  @Override
  public KeyProvider provider() {
    return new ProtectedKeyProvider(ProtectedKeyProvider.DPAPI, new Dpapi());
  }
}
