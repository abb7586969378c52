package dev.codchi.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.codchi.export.ImportMachine;
import dev.codchi.machines.MachineName;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code codchi import}. */
@Command(
    name = "import",
    description = "Make a machine from what 'codchi tar' or 'codchi export' wrote.")
final class ImportCommand implements Callable<Integer> {
  private final ImportMachine importMachine;
  private final Console console;
  private final ConsoleProgress progress;

  @Parameters(
      index = "0",
      paramLabel = "FILE",
      description = "An archive, packed or not, or an image of 'codchi export'.")
  String file = "";

  @Parameters(index = "1", paramLabel = "NEW", description = "The new machine's name.")
  String name = "";

  ImportCommand(ImportMachine importMachine, Console console, ConsoleProgress progress) {
    this.importMachine = importMachine;
    this.console = console;
    this.progress = progress;
  }

  @Override
  public Integer call() {
    MachineName machine = MachineName.of(name);
    ImportMachine.Imported imported = importMachine.importMachine(Path.of(file), machine, progress);
    if (!imported.described()) {
      progress.warn(
          "the archive does not say what the machine is made of, so it has no modules yet"
              + (imported.modules().isEmpty()
                  ? "; add them with 'codchi module add %s URL'".formatted(machine)
                  : ". Its flake names these; add those that you trust:"));
      imported.modules().forEach(module -> progress.note(command(machine, module)));
    }
    if (imported.secrets() > 0) {
      progress.note("Sealed %d secrets of the archive.".formatted(imported.secrets()));
    }
    if (console.json()) {
      ObjectNode document = Json.document("import").put("machine", machine.value());
      document.put("members", imported.members()).put("described", imported.described());
      document.put("secrets", imported.secrets());
      ArrayNode modules = document.putArray("modules");
      for (ImportMachine.Imported.Module module : imported.modules()) {
        modules
            .addObject()
            .put("address", module.address())
            .put("attribute", module.attribute())
            .put("credentials", module.credentials());
      }
      console.out().println(Json.pretty(document));
    } else {
      progress.note(
          "The machine %s is ready. Enter it with 'codchi exec %1$s'.".formatted(machine));
    }
    return 0;
  }

  /** What adds a module; quoted, since addresses have question marks. */
  private static String command(MachineName machine, ImportMachine.Imported.Module module) {
    return "  codchi module add %s '%s'%s%s"
        .formatted(
            machine,
            quoted(module.address()),
            module.attribute().isEmpty() ? "" : " '" + quoted(module.attribute()) + "'",
            module.credentials() ? " --auth -" : "");
  }

  private static String quoted(String text) {
    return text.replace("'", "'\\''");
  }
}
