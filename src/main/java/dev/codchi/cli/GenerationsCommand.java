package dev.codchi.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.codchi.machines.Generations;
import dev.codchi.machines.MachineName;
import dev.codchi.machines.ReadGenerations;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code codchi generations}. */
@Command(name = "generations", description = "Show the systems that a machine has had.")
final class GenerationsCommand implements Callable<Integer> {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss", Locale.ROOT);

  private final ReadGenerations readGenerations;
  private final Console console;

  @Parameters(paramLabel = "NAME", description = "The machine.")
  String name = "";

  GenerationsCommand(ReadGenerations readGenerations, Console console) {
    this.readGenerations = readGenerations;
    this.console = console;
  }

  @Override
  public Integer call() {
    MachineName machine = MachineName.of(name);
    List<Generations.Generation> all = readGenerations.read(machine);
    if (console.json()) {
      ObjectNode document = Json.document("generations").put("machine", machine.value());
      ArrayNode generations = document.putArray("generations");
      for (Generations.Generation one : all) {
        generations
            .addObject()
            .put("number", one.number())
            .put("made", one.made().toString())
            .put("system", one.system())
            .put("current", one.current());
      }
      console.out().println(Json.pretty(document));
      return 0;
    }
    Table table = new Table(List.of("GENERATION", "MADE", "PRESENT", "SYSTEM"));
    for (Generations.Generation one : all) {
      table.row(
          List.of(
              String.valueOf(one.number()),
              TIME.format(one.made().atZone(ZoneId.systemDefault())),
              one.current() ? "yes" : "",
              one.system()));
    }
    table.print(console.out());
    return 0;
  }
}
