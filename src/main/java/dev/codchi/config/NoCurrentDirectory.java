package dev.codchi.config;

import io.smallrye.config.EnvConfigSource;
import io.smallrye.config.PropertiesConfigSourceLoader;
import io.smallrye.config.SmallRyeConfigBuilder;
import io.smallrye.config.SmallRyeConfigBuilderCustomizer;
import io.smallrye.config.SysPropConfigSource;

/**
 * Keeps the framework from reading {@code .env} and {@code config/application.properties} of the
 * current directory: codchi is run inside other people's project checkouts. Only system properties,
 * the environment and the program's own {@code application.properties} are left.
 */
public final class NoCurrentDirectory implements SmallRyeConfigBuilderCustomizer {
  /** The ordinal that Quarkus itself gives to the program's own {@code application.properties}. */
  private static final int OWN_PROPERTIES = 250;

  @Override
  public void configBuilder(SmallRyeConfigBuilder builder) {
    builder.setAddDefaultSources(false).setAddSystemSources(false).setAddPropertiesSources(false);
    builder.withSources(new SysPropConfigSource(), new EnvConfigSource(System.getenv(), 300));
    builder.withSources(
        PropertiesConfigSourceLoader.inClassPath(
            "application.properties", OWN_PROPERTIES, NoCurrentDirectory.class.getClassLoader()));
  }

  @Override
  public int priority() {
    return Integer.MAX_VALUE;
  }
}
