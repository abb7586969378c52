package dev.codchi.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.codchi.machines.ChangeConsents;
import dev.codchi.machines.MachineName;
import dev.codchi.machines.capabilities.Consents;
import dev.codchi.machines.capabilities.Offer;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code codchi capabilities}. */
@Command(
    name = "capabilities",
    aliases = "cap",
    description = "What a machine may use of this computer: display, sound and more.")
final class CapabilitiesCommand {
  private final ChangeConsents changeConsents;
  private final Console console;
  private final ConsoleProgress progress;

  CapabilitiesCommand(ChangeConsents changeConsents, Console console, ConsoleProgress progress) {
    this.changeConsents = changeConsents;
    this.console = console;
    this.progress = progress;
  }

  @Command(
      name = "list",
      description = "Show what this computer offers, and what the machine may use of it.")
  int list(@Parameters(paramLabel = "NAME", description = "The machine.") String name) {
    MachineName machine = MachineName.of(name);
    List<ChangeConsents.Entry> entries = changeConsents.list(machine);
    if (console.json()) {
      ObjectNode document = Json.document("capabilities").put("machine", machine.value());
      ArrayNode all = document.putArray("capabilities");
      for (ChangeConsents.Entry one : entries) {
        ObjectNode node =
            all.addObject()
                .put("name", one.name())
                .put("offered", offered(one.offer()))
                .put("finding", one.offer().finding())
                .put("required", one.required())
                .put("wanted", one.wanted());
        one.allowed().ifPresentOrElse(it -> node.put("allowed", it), () -> node.putNull("allowed"));
        one.servers().ifPresent(servers -> servers.forEach(node.putArray("servers")::add));
      }
      console.out().println(Json.pretty(document));
      return 0;
    }
    Table table = new Table(List.of("CAPABILITY", "ALLOWED", "MACHINE", "THIS COMPUTER"));
    for (ChangeConsents.Entry one : entries) {
      table.row(
          List.of(
              one.name(),
              allowed(one),
              one.required() ? "requires it" : one.wanted() ? "can use it" : "-",
              offered(one.offer()) + ": " + one.offer().finding()));
    }
    table.print(console.out());
    return 0;
  }

  @Command(
      name = "allow",
      description = "Let a machine use capabilities; one that runs has them at once.")
  int allow(
      @Parameters(index = "0", paramLabel = "NAME", description = "The machine.") String name,
      @Parameters(
              index = "1..*",
              arity = "1..*",
              paramLabel = "CAPABILITY",
              description = "For example display.")
          List<String> capabilities,
      @Option(
              names = "--server",
              paramLabel = "HOST[:PORT]",
              description =
                  "The only servers that git-credentials is for, instead of those of the machine's"
                      + " repositories; can be repeated. Over https, unless it begins with http://.")
          @Nullable List<String> servers) {
    Consents now =
        changeConsents.change(
            MachineName.of(name),
            capabilities,
            true,
            servers == null ? List.of() : servers,
            progress);
    for (String capability : capabilities) {
      List<String> only = now.serversOf(capability);
      if (!only.isEmpty()) {
        progress.note("%s is for %s only.".formatted(capability, String.join(" and ", only)));
      }
    }
    return 0;
  }

  @Command(name = "deny", description = "Take capabilities away from a machine.")
  int deny(
      @Parameters(index = "0", paramLabel = "NAME", description = "The machine.") String name,
      @Parameters(
              index = "1..*",
              arity = "1..*",
              paramLabel = "CAPABILITY",
              description = "For example display.")
          List<String> capabilities) {
    changeConsents.change(MachineName.of(name), capabilities, false, progress);
    return 0;
  }

  private static String allowed(ChangeConsents.Entry one) {
    String answer = one.allowed().map(yes -> yes ? "yes" : "no").orElse("not asked");
    return one.servers().filter(servers -> !servers.isEmpty()).isPresent()
        ? answer + ", for " + String.join(", ", one.servers().get())
        : answer;
  }

  private static String offered(Offer offer) {
    return offer.getClass().getSimpleName().toLowerCase(Locale.ROOT);
  }
}
