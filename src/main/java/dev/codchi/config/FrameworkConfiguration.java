package dev.codchi.config;

import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import io.smallrye.config.SmallRyeConfigBuilderCustomizer;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.eclipse.microprofile.config.spi.ConfigSource;
import org.jspecify.annotations.Nullable;

/**
 * Configures the framework as the program was built, and by nothing else that is around: codchi is
 * run inside other people's project checkouts, with {@code .env} and {@code
 * config/application.properties}, and from their shells, where {@code QUARKUS_…} variables are
 * meant for their programs. Only {@code quarkus.} system properties are left, for builds and tests.
 */
public final class FrameworkConfiguration implements SmallRyeConfigBuilderCustomizer {
  /** Here rather than in a file, so that none is looked for. */
  private static final Map<String, String> BUILT_IN =
      Map.of(
          "quarkus.banner.enabled", "false",
          "quarkus.log.console.enable", "false",
          "quarkus.log.level", "WARN",
          "quarkus.log.category.\"io.quarkus.config\".level", "ERROR");

  @Override
  public void configBuilder(SmallRyeConfigBuilder builder) {
    builder
        .setAddDefaultSources(false)
        .setAddSystemSources(false)
        .setAddPropertiesSources(false)
        .withSources(new PropertiesConfigSource(BUILT_IN, "built in", 250), new Surroundings());
  }

  @Override
  public int priority() {
    return Integer.MAX_VALUE;
  }

  /**
   * System properties and environment variables, to be looked up by their exact names, as default
   * values of the framework's do: {@code ${user.home}}. Each name that a source lists is compared
   * with every setting of the framework, so those that set nothing are not listed.
   */
  private static final class Surroundings implements ConfigSource {
    private static final String FRAMEWORK = "quarkus.";

    @Override
    public String getName() {
      return "surroundings";
    }

    @Override
    public int getOrdinal() {
      return 400;
    }

    @Override
    public Set<String> getPropertyNames() {
      return System.getProperties().stringPropertyNames().stream()
          .filter(name -> name.startsWith(FRAMEWORK))
          .collect(Collectors.toUnmodifiableSet());
    }

    @Override
    public @Nullable String getValue(String name) {
      if (name.isEmpty()) {
        return null;
      }
      String property = System.getProperty(name);
      return property != null || name.startsWith(FRAMEWORK) ? property : System.getenv(name);
    }
  }
}
