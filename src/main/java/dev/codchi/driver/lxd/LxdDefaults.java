package dev.codchi.driver.lxd;

import dev.codchi.config.LxdSettings;
import io.quarkus.arc.DefaultBean;
import jakarta.enterprise.context.Dependent;
import jakarta.enterprise.inject.Produces;

/** Settings for the case that nothing reads any. */
@Dependent
final class LxdDefaults {
  @Produces
  @DefaultBean
  LxdSettings automatic() {
    return LxdSettings.automatic();
  }
}
