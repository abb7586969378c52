package dev.codchi.hostintegration.tray;

import dev.codchi.config.Settings;
import dev.codchi.machines.secrets.keyring.SessionBus;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Optional;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** Shows one message on the desktop, for a process that has nobody else to tell. */
@ApplicationScoped
public class NotifyOnce {
  private final Settings settings;

  NotifyOnce(Settings settings) {
    this.settings = settings;
  }

  /** Shows it; without a desktop session nothing happens. */
  public void show(String title, String text) {
    Optional<String> address = SessionBus.address(System.getenv());
    if (address.isEmpty()) {
      return;
    }
    try (Bus bus = Bus.connect(address.get(), new Deaf())) {
      new Notifications(bus, settings.directories().icons().resolve("codchi.svg").toString())
          .show(title, text);
    } catch (Bus.CallFailed nobody) {
      Logger.getLogger(NotifyOnce.class).debug("no notification", nobody);
    }
  }

  /** Wants nothing from the bus. */
  private static final class Deaf implements Bus.Receiver {
    @Override
    public Bus.@Nullable Reply answer(Bus.Call call) {
      return null;
    }

    @Override
    public void signal(Bus.Call signal) {}

    @Override
    public void closed() {}
  }
}
