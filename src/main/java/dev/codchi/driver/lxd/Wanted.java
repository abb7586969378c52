package dev.codchi.driver.lxd;

import com.fasterxml.jackson.core.filter.TokenFilter;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What is read of an answer: the rest is passed over without being kept, which of a long list is
 * most.
 */
class Wanted extends TokenFilter {
  /**
   * All but the settings with those of profiles added ("expanded"), which instances come with
   * beside their own.
   */
  static final TokenFilter USUAL = new Wanted(Set.of("expanded_config", "expanded_devices"));

  /** Without what is large of instances and no part of a {@link dev.codchi.driver.Container}. */
  static final TokenFilter CONTAINERS =
      new Wanted(Set.of("devices", "expanded_config", "expanded_devices")) {
        @Override
        public @Nullable TokenFilter includeProperty(String name) {
          return name.equals("config") ? LABELS : super.includeProperty(name);
        }
      };

  private static final TokenFilter LABELS =
      new Wanted(Set.of()) {
        @Override
        public @Nullable TokenFilter includeProperty(String name) {
          return name.startsWith(InstanceRequest.LABEL) ? TokenFilter.INCLUDE_ALL : null;
        }
      };

  private final Set<String> leftOut;

  /**
   * Everything but what has one of these names, at every depth.
   *
   * @param leftOut exact names
   */
  private Wanted(Set<String> leftOut) {
    this.leftOut = leftOut;
  }

  @Override
  public @Nullable TokenFilter includeProperty(String name) {
    return leftOut.contains(name) ? null : this;
  }

  @Override
  public boolean includeEmptyArray(boolean contentsFiltered) {
    return true;
  }

  @Override
  public boolean includeEmptyObject(boolean contentsFiltered) {
    return true;
  }
}
