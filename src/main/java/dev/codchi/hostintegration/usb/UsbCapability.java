package dev.codchi.hostintegration.usb;

import dev.codchi.driver.CharacterDevice;
import dev.codchi.driver.HostIdentity;
import dev.codchi.driver.UsbDevice;
import dev.codchi.hostintegration.RememberedList;
import dev.codchi.machines.capabilities.Attachment;
import dev.codchi.machines.capabilities.Capability;
import dev.codchi.machines.capabilities.MachineSide;
import dev.codchi.machines.capabilities.Offer;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * USB devices that a person attached to a machine. All devices of a kind follow plugging by
 * themselves: the container daemon watches for them. It cannot tell them apart by serial number
 * (LXD 5.0 has no such option), so one with a serial number is looked up among those that are
 * plugged in.
 */
@ApplicationScoped
class UsbCapability implements Capability {
  /** Its name. */
  static final String NAME = "usb";

  /** The name of the list of rules. */
  static final String RULES = NAME;

  private final UsbPort port;

  UsbCapability(UsbPort port) {
    this.port = port;
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public String purpose() {
    return "use the USB devices that you attach to it";
  }

  @Override
  public Consent consent() {
    return Consent.ON_REQUEST;
  }

  @Override
  public Offer offer() {
    if (!port.present()) {
      return new Offer.Absent("this computer has no USB");
    }
    int count = port.devices().size();
    return new Offer.Available(count == 1 ? "1 device" : count + " devices");
  }

  /** The rules of a machine. */
  static List<UsbRule> rules(MachineSide machine) {
    return RememberedList.of(machine, RULES).read().stream().map(UsbRule::parse).toList();
  }

  @Override
  public List<Attachment> attach(MachineSide machine) {
    List<Attachment> all = new ArrayList<>();
    for (UsbRule rule : rules(machine)) {
      if (rule.serial().isEmpty()) {
        String name = "usb-" + rule.vendor() + "-" + rule.product();
        all.add(new Attachment.Plugged(new UsbDevice(name, rule.vendor(), rule.product())));
      } else {
        plugged(rule)
            .ifPresent(device -> {
              String name =
                  "usb-%s-%s".formatted(device.node().getName(3), device.node().getName(4));
              all.add(
                  new Attachment.Plugged(
                      new CharacterDevice(name, device.node(), HostIdentity.INSIDE_GID)));
            });
      }
    }
    return all;
  }

  private Optional<UsbPort.Plugged> plugged(UsbRule rule) {
    return port.devices().stream().filter(rule::matches).findFirst();
  }

  @Override
  public String state(MachineSide machine) {
    StringBuilder state = new StringBuilder();
    for (UsbRule rule : rules(machine)) {
      state.append(rule).append(' ');
      if (rule.serial().isPresent()) {
        plugged(rule).ifPresent(device -> state.append(device.node()).append(' '));
      }
    }
    return state.toString();
  }
}
