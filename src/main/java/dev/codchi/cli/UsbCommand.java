package dev.codchi.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.codchi.hostintegration.usb.AttachUsb;
import dev.codchi.hostintegration.usb.UsbRule;
import dev.codchi.machines.MachineName;
import java.util.List;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code codchi usb}. */
@Command(name = "usb", description = "Let machines use USB devices.")
final class UsbCommand {
  private static final String DEVICE = "VENDOR:PRODUCT or VENDOR:PRODUCT:SERIAL.";

  private final AttachUsb attachUsb;
  private final Console console;
  private final ConsoleProgress progress;

  UsbCommand(AttachUsb attachUsb, Console console, ConsoleProgress progress) {
    this.attachUsb = attachUsb;
    this.console = console;
    this.progress = progress;
  }

  @Command(
      name = "list",
      description =
          "Show the USB devices of this computer, and which machines they are attached to.")
  int list() {
    List<AttachUsb.Entry> entries = attachUsb.list();
    if (console.json()) {
      ObjectNode document = Json.document("usb");
      ArrayNode all = document.putArray("devices");
      for (AttachUsb.Entry one : entries) {
        ObjectNode node =
            all.addObject()
                .put("device", one.rule().toString())
                .put("description", one.description())
                .put("plugged", one.plugged());
        ArrayNode machines = node.putArray("machines");
        one.machines().forEach(machine -> machines.add(machine.value()));
      }
      console.out().println(Json.pretty(document));
      return 0;
    }
    Table table = new Table(List.of("DEVICE", "DESCRIPTION", "MACHINES"));
    for (AttachUsb.Entry one : entries) {
      table.row(
          List.of(
              one.rule().toString(),
              one.plugged() ? one.description() : "(not plugged in)",
              one.machines().stream().map(MachineName::value).collect(Collectors.joining(", "))));
    }
    table.print(console.out());
    return 0;
  }

  @Command(
      name = "attach",
      description = "Attach a USB device to a machine, now and whenever it is plugged in.")
  int attach(
      @Parameters(index = "0", paramLabel = "NAME", description = "The machine.") String name,
      @Parameters(index = "1", paramLabel = "DEVICE", description = DEVICE) String device) {
    UsbRule rule = UsbRule.parse(device);
    if (!attachUsb.attach(MachineName.of(name), rule, progress)) {
      progress.note(rule + " is not plugged in; " + name + " gets it when it is.");
    }
    return 0;
  }

  @Command(name = "detach", description = "Take a USB device away from a machine.")
  int detach(
      @Parameters(index = "0", paramLabel = "NAME", description = "The machine.") String name,
      @Parameters(index = "1", paramLabel = "DEVICE", description = DEVICE) String device) {
    attachUsb.detach(MachineName.of(name), UsbRule.parse(device), progress);
    return 0;
  }
}
