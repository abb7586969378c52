package dev.codchi.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.codchi.driver.Container;
import dev.codchi.machines.MachineStatus;
import dev.codchi.machines.ReadStatus;
import dev.codchi.machines.Recovery;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Locale;

/** Prints how all machines are, as a table or as JSON. */
@ApplicationScoped
public class ShowStatus {
  private final Console console;
  private final ConsoleProgress progress;
  private final ReadStatus readStatus;
  private final Recovery recovery;

  ShowStatus(Console console, ConsoleProgress progress, ReadStatus readStatus, Recovery recovery) {
    this.console = console;
    this.progress = progress;
    this.readStatus = readStatus;
    this.recovery = recovery;
  }

  /** Prints and returns the exit status. */
  int show() {
    recovery.run(progress);
    ReadStatus.Overview overview = readStatus.read();
    if (console.json()) {
      console.out().println(Json.pretty(json(overview)));
      return 0;
    }
    if (overview.machines().isEmpty()) {
      console.out().println("There are no machines yet. Make one with 'codchi init NAME [URL]'.");
      return 0;
    }
    Table table = new Table(List.of("NAME", "STATE", "SYSTEM", "GENERATION", "MODULES"));
    for (MachineStatus machine : overview.machines()) {
      table.row(
          List.of(
              machine.name().value(),
              machine.busy().orElse(machine.state().name().toLowerCase(Locale.ROOT)),
              machine.system().word(),
              machine.generation().map(String::valueOf).orElse("-"),
              machine.modules().isEmpty() ? "-" : String.join(", ", machine.modules())));
    }
    table.print(console.out());
    return 0;
  }

  private static ObjectNode json(ReadStatus.Overview overview) {
    ObjectNode document = Json.document("status");
    document.put(
        "store",
        overview
            .store()
            .map(Container.State::name)
            .map(text -> text.toLowerCase(Locale.ROOT))
            .orElse("absent"));
    ArrayNode machines = document.putArray("machines");
    for (MachineStatus machine : overview.machines()) {
      ObjectNode one = machines.addObject();
      one.put("name", machine.name().value());
      one.put("state", machine.state().name().toLowerCase(Locale.ROOT));
      one.put("system", machine.system().word().replace(' ', '_'));
      machine.generation().ifPresent(number -> one.put("generation", number));
      machine.busy().ifPresent(doing -> one.put("busy", doing));
      ArrayNode modules = one.putArray("modules");
      machine.modules().forEach(modules::add);
    }
    return document;
  }
}
