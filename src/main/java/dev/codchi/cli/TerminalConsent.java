package dev.codchi.cli;

import dev.codchi.machines.capabilities.Capability;
import dev.codchi.machines.capabilities.ConsentPrompt;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;

/** Asks at the terminal what a machine may use of the host. */
@ApplicationScoped
public class TerminalConsent implements ConsentPrompt {
  private final Console console;
  private final ConsoleProgress progress;

  TerminalConsent(Console console, ConsoleProgress progress) {
    this.console = console;
    this.progress = progress;
  }

  @Override
  public boolean isAnswered() {
    return console.yes() || console.interactive();
  }

  @Override
  public boolean allows(String machine, Capability capability, List<String> servers) {
    progress.clear();
    String limit = servers.isEmpty() ? "" : ", for " + String.join(" and ", servers);
    return console.confirm(
        "May %s %s%s (%s)?".formatted(machine, capability.purpose(), limit, capability.name()),
        "--yes");
  }
}
