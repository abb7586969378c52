package dev.codchi.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.codchi.driver.Container;
import dev.codchi.machines.ClosureDiff;
import dev.codchi.machines.MachineStatus;
import dev.codchi.machines.MeasureDisk;
import dev.codchi.machines.ReadStatus;
import dev.codchi.machines.Recovery;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

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
    return show(Optional.empty());
  }

  /**
   * The same with disk usage, where it was measured.
   *
   * @param disk what was measured just before
   */
  int show(Optional<MeasureDisk.Usage> disk) {
    recovery.run(progress);
    ReadStatus.Overview overview = readStatus.read();
    if (console.json()) {
      console.out().println(Json.pretty(json(overview, disk)));
      return 0;
    }
    if (overview.machines().isEmpty()) {
      console.out().println("There are no machines yet. Make one with 'codchi init NAME [URL]'.");
      return 0;
    }
    List<String> header = new ArrayList<>(List.of("NAME", "STATE", "SYSTEM", "GENERATION"));
    disk.ifPresent(_ -> header.addAll(List.of("HOME", "FILES", "SYSTEMS", "ALONE")));
    header.add("MODULES");
    Table table = new Table(header);
    for (MachineStatus machine : overview.machines()) {
      List<String> row =
          new ArrayList<>(
              List.of(
                  machine.name().value(),
                  machine.busy().orElse(machine.state().name().toLowerCase(Locale.ROOT)),
                  machine.system().word(),
                  machine.generation().map(String::valueOf).orElse("-")));
      disk.map(usage -> usage.machines().get(machine.name()))
          .ifPresent(used -> row.addAll(sizes(used)));
      row.add(machine.modules().isEmpty() ? "-" : String.join(", ", machine.modules()));
      table.row(row);
    }
    table.print(console.out());
    disk.ifPresent(usage ->
        console
            .out()
            .println(
                "The store has "
                    + ClosureDiff.size(usage.storeBytes())
                    + " in "
                    + usage.storePaths()
                    + " paths for all machines; "
                    + ClosureDiff.size(usage.freeBytes())
                    + " are free."));
    return 0;
  }

  private static List<String> sizes(MeasureDisk.OfMachine used) {
    return List.of(
        (used.wholeHome() ? "" : "> ") + ClosureDiff.size(used.home()),
        used.files().map(ClosureDiff::size).orElse("-"),
        ClosureDiff.size(used.systems()),
        ClosureDiff.size(used.alone()));
  }

  private static ObjectNode json(ReadStatus.Overview overview, Optional<MeasureDisk.Usage> disk) {
    ObjectNode document = Json.document("status");
    document.put(
        "store",
        overview
            .store()
            .map(Container.State::name)
            .map(text -> text.toLowerCase(Locale.ROOT))
            .orElse("absent"));
    disk.ifPresent(usage ->
        document
            .putObject("disk")
            .put("store_bytes", usage.storeBytes())
            .put("store_paths", usage.storePaths())
            .put("free_bytes", usage.freeBytes()));
    ArrayNode machines = document.putArray("machines");
    for (MachineStatus machine : overview.machines()) {
      ObjectNode one = machines.addObject();
      one.put("name", machine.name().value());
      one.put("state", machine.state().name().toLowerCase(Locale.ROOT));
      one.put("system", machine.system().word().replace(' ', '_'));
      machine.generation().ifPresent(number -> one.put("generation", number));
      machine.busy().ifPresent(doing -> one.put("busy", doing));
      machine.updatesLookedFor().ifPresent(when -> one.put("updates_looked_for", when.toString()));
      disk.map(usage -> usage.machines().get(machine.name()))
          .ifPresent(used -> {
            ObjectNode sizes = one.putObject("disk");
            sizes.put("home_bytes", used.home()).put("home_whole", used.wholeHome());
            used.files().ifPresent(bytes -> sizes.put("files_bytes", bytes));
            sizes.put("systems_bytes", used.systems()).put("alone_bytes", used.alone());
          });
      ArrayNode modules = one.putArray("modules");
      machine.modules().forEach(modules::add);
    }
    return document;
  }
}
