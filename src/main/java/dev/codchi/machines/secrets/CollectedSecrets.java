package dev.codchi.machines.secrets;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The values that a machine gets, in the order of their declarations.
 *
 * @param values the values; closing this closes them
 */
public record CollectedSecrets(Map<SecretId, SecretValue> values) implements AutoCloseable {
  /** Keeps the order. */
  public CollectedSecrets {
    values = new LinkedHashMap<>(values);
  }

  @Override
  public void close() {
    values.values().forEach(SecretValue::close);
  }
}
