package dev.codchi.machines.secrets.keys;

import dev.codchi.failure.Failure;
import dev.codchi.failure.FailureCode;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;

/** A keyring in memory, which can be locked, emptied and taken away. */
public final class MemoryKeyring implements Keyring {
  private final SequencedMap<String, byte[]> keys = new LinkedHashMap<>();
  private boolean reachable = true;

  public void vanish() {
    reachable = false;
  }

  public void empty() {
    keys.clear();
  }

  @Override
  public boolean isReachable() {
    return reachable;
  }

  @Override
  public IdentifiedKey current() {
    requireReachable();
    if (keys.isEmpty()) {
      IdentifiedKey fresh = IdentifiedKey.random();
      keys.put(fresh.id(), fresh.key().copy());
      return fresh;
    }
    Map.Entry<String, byte[]> last = keys.lastEntry();
    return new IdentifiedKey(last.getKey(), DataKey.owning(last.getValue().clone()));
  }

  @Override
  public void renew() {
    requireReachable();
    IdentifiedKey fresh = IdentifiedKey.random();
    keys.put(fresh.id(), fresh.key().copy());
  }

  @Override
  public void retire() {
    requireReachable();
    while (keys.size() > 1) {
      keys.pollFirstEntry();
    }
  }

  @Override
  public Optional<DataKey> find(String id) {
    requireReachable();
    return Optional.ofNullable(keys.get(id)).map(key -> DataKey.owning(key.clone()));
  }

  @Override
  public String description() {
    return "the keyring in memory";
  }

  private void requireReachable() {
    if (!reachable) {
      throw Failure.of(FailureCode.KEYRING_ABSENT, "The keyring in memory is gone");
    }
  }
}
