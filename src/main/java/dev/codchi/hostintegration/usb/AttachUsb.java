package dev.codchi.hostintegration.usb;

import dev.codchi.failure.Failure;
import dev.codchi.failure.FailureCode;
import dev.codchi.hostintegration.RememberedList;
import dev.codchi.machines.AttachCapabilities;
import dev.codchi.machines.ChangeConsents;
import dev.codchi.machines.MachineName;
import dev.codchi.machines.Machines;
import dev.codchi.progress.Progress;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Which machine uses which USB device: to look at, and to change. */
@ApplicationScoped
public class AttachUsb {
  /**
   * A device that is plugged in, or a rule that means none that is.
   *
   * @param rule what {@code attach} takes
   * @param description what the device says of itself; empty when it is not plugged in
   * @param plugged whether it is plugged in
   * @param machines those that it is attached to
   */
  public record Entry(
      UsbRule rule, String description, boolean plugged, List<MachineName> machines) {}

  private final Machines machines;
  private final AttachCapabilities attachCapabilities;
  private final ChangeConsents changeConsents;
  private final UsbPort port;

  AttachUsb(
      Machines machines,
      AttachCapabilities attachCapabilities,
      ChangeConsents changeConsents,
      UsbPort port) {
    this.machines = machines;
    this.attachCapabilities = attachCapabilities;
    this.changeConsents = changeConsents;
    this.port = port;
  }

  /** All devices that are plugged in, then those that machines wait for. */
  public List<Entry> list() {
    List<Entry> entries = new ArrayList<>();
    List<UsbPort.Plugged> devices = port.devices();
    List<MachineName> names = machines.names();
    for (UsbPort.Plugged device : devices) {
      List<MachineName> users =
          names.stream()
              .filter(name -> rules(name).stream().anyMatch(rule -> rule.matches(device)))
              .toList();
      entries.add(new Entry(device.rule(), device.description(), true, users));
    }
    for (MachineName name : names) {
      for (UsbRule rule : rules(name)) {
        if (devices.stream().noneMatch(rule::matches)) {
          entries.add(new Entry(rule, "", false, List.of(name)));
        }
      }
    }
    return entries;
  }

  private List<UsbRule> rules(MachineName machine) {
    return UsbCapability.rules(attachCapabilities.side(machine));
  }

  /**
   * Attaches devices to a machine, now and whenever they are plugged in; saying so is the consent.
   * Idempotent.
   *
   * @return whether one is plugged in now
   * @throws Failure {@code NO_SUCH_MACHINE}
   */
  public boolean attach(MachineName machine, UsbRule rule, Progress progress) {
    change(
        machine,
        rules -> {
          if (!rules.contains(rule.toString())) {
            rules.add(rule.toString());
          }
        },
        progress);
    return port.devices().stream().anyMatch(rule::matches);
  }

  /**
   * Takes devices away from a machine.
   *
   * @throws Failure {@code NO_SUCH_MACHINE}; {@code NOT_ATTACHED} when it does not have them
   */
  public void detach(MachineName machine, UsbRule rule, Progress progress) {
    change(
        machine,
        rules -> {
          if (!rules.remove(rule.toString())) {
            throw Failure.of(FailureCode.NOT_ATTACHED, rule + " is not attached to " + machine)
                .next("'codchi usb list' shows which devices are attached to which machine.");
          }
        },
        progress);
  }

  private void change(MachineName machine, Consumer<List<String>> change, Progress progress) {
    changeConsents.change(
        machine,
        UsbCapability.NAME,
        side -> {
          RememberedList list = RememberedList.of(side, UsbCapability.RULES);
          List<String> rules = new ArrayList<>(list.read());
          change.accept(rules);
          list.write(rules);
          return !rules.isEmpty();
        },
        progress);
  }
}
