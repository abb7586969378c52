package dev.codchi.redaction;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The secret values that this run of codchi has seen, so that whatever it writes for people or into
 * a log is masked. Costs nothing until there is one. For use by several threads.
 */
@ApplicationScoped
public class KnownValues {
  private final List<byte[]> values = new ArrayList<>();
  private @Nullable Redactor redactor;

  /** Masks a value from now on, until this run ends; it is copied. Idempotent. */
  public synchronized void remember(byte[] value) {
    if (value.length >= Redactor.SHORTEST
        && values.stream().noneMatch(known -> Arrays.equals(known, value))) {
      values.add(value.clone());
      forgetPatterns();
    }
  }

  /** A text with all known values masked; the text itself where there is nothing to mask. */
  public synchronized String redact(String text) {
    if (values.isEmpty() || text.isEmpty()) {
      return text;
    }
    if (redactor == null) {
      redactor = new Redactor(values);
    }
    return redactor.redact(text);
  }

  /** Wipes what is known. Idempotent. */
  public synchronized void forget() {
    values.forEach(value -> Arrays.fill(value, (byte) 0));
    values.clear();
    forgetPatterns();
  }

  private void forgetPatterns() {
    if (redactor != null) {
      redactor.close();
      redactor = null;
    }
  }
}
