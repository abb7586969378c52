package dev.codchi.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.codchi.hostintegration.folders.ShareFolder;
import dev.codchi.hostintegration.folders.SharedFolder;
import dev.codchi.machines.MachineName;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code codchi share}. */
@Command(name = "share", description = "Share folders of this computer with a machine.")
final class ShareCommand {
  private final ShareFolder shareFolder;
  private final Console console;
  private final ConsoleProgress progress;

  ShareCommand(ShareFolder shareFolder, Console console, ConsoleProgress progress) {
    this.shareFolder = shareFolder;
    this.console = console;
    this.progress = progress;
  }

  @Command(name = "list", description = "Show the folders that are shared with a machine.")
  int list(@Parameters(paramLabel = "NAME", description = "The machine.") String name) {
    MachineName machine = MachineName.of(name);
    List<ShareFolder.Entry> entries = shareFolder.list(machine);
    if (console.json()) {
      ObjectNode document = Json.document("shares").put("machine", machine.value());
      ArrayNode all = document.putArray("folders");
      for (ShareFolder.Entry one : entries) {
        all.addObject()
            .put("path", one.folder().path().toString())
            .put("target", one.folder().target())
            .put("read_only", one.folder().readOnly())
            .put("present", one.present());
      }
      console.out().println(Json.pretty(document));
      return 0;
    }
    Table table = new Table(List.of("FOLDER", "IN THE MACHINE", "ACCESS"));
    for (ShareFolder.Entry one : entries) {
      table.row(
          List.of(
              one.folder().path().toString(),
              one.present() ? one.folder().target() : "(gone)",
              one.folder().readOnly() ? "read-only" : "read and write"));
    }
    table.print(console.out());
    return 0;
  }

  @Command(
      name = "add",
      description = "Share folders with a machine, where they are seen below /host.")
  int add(
      @Parameters(index = "0", paramLabel = "NAME", description = "The machine.") String name,
      @Parameters(
              index = "1..*",
              arity = "1..*",
              paramLabel = "PATH[:ro]",
              description = "A folder; with :ro the machine cannot change it.")
          List<String> folders) {
    MachineName machine = MachineName.of(name);
    shareFolder.add(machine, folders.stream().map(SharedFolder::parse).toList(), progress);
    return 0;
  }

  @Command(name = "remove", description = "Take a folder away from a machine.")
  int remove(
      @Parameters(index = "0", paramLabel = "NAME", description = "The machine.") String name,
      @Parameters(index = "1", paramLabel = "PATH", description = "The folder.") Path folder) {
    shareFolder.remove(MachineName.of(name), folder, progress);
    return 0;
  }
}
