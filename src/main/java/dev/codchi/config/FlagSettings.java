package dev.codchi.config;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.LinkedHashMap;
import java.util.Map;

/** Settings given on the command line; filled once, before a command runs. */
@ApplicationScoped
public class FlagSettings {
  private final Map<String, String> values = new LinkedHashMap<>();

  /** Adds settings, later ones win. */
  public void add(Map<String, String> more) {
    values.putAll(more);
  }

  Map<String, String> values() {
    return values;
  }
}
