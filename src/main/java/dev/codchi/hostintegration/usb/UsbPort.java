package dev.codchi.hostintegration.usb;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * The USB devices that are plugged in, as the kernel lists them ({@code
 * Documentation/ABI/stable/sysfs-bus-usb} and {@code testing/sysfs-bus-usb}).
 */
@ApplicationScoped
public class UsbPort {
  /**
   * A device that is plugged in.
   *
   * @param vendor four lower-case hexadecimal digits
   * @param product four lower-case hexadecimal digits
   * @param serial its serial number, where it has one
   * @param description what it says of itself; may be empty
   * @param node its device file, for example {@code /dev/bus/usb/001/004}
   */
  public record Plugged(
      String vendor, String product, Optional<String> serial, String description, Path node) {
    /** The narrowest rule that means it. */
    public UsbRule rule() {
      return new UsbRule(vendor, product, serial);
    }
  }

  /** {@code bDeviceClass} of hubs ("Class Codes", usb.org). */
  private static final String HUB = "09";

  private final Path devices;

  /** Those of this computer. */
  @Inject
  UsbPort() {
    this(Path.of("/sys/bus/usb/devices"));
  }

  UsbPort(Path devices) {
    this.devices = devices;
  }

  /** Whether this computer has USB at all. */
  boolean present() {
    return Files.isDirectory(devices);
  }

  /** All devices but hubs, by their ids. One that is unplugged meanwhile is left out. */
  List<Plugged> devices() {
    List<Plugged> found = new ArrayList<>();
    if (present()) {
      // Interfaces of devices have a ':' in their names.
      try (DirectoryStream<Path> each = Files.newDirectoryStream(devices, "[0-9]*-[0-9]*")) {
        each.forEach(device -> {
          if (!device.getFileName().toString().contains(":")) {
            plugged(device).ifPresent(found::add);
          }
        });
      } catch (IOException unreadable) {
        // As if nothing were plugged in.
      }
    }
    found.sort(Comparator.comparing(one -> one.rule().toString()));
    return found;
  }

  private static Optional<Plugged> plugged(Path device) {
    String vendor = text(device, "idVendor");
    String product = text(device, "idProduct");
    String bus = text(device, "busnum");
    String number = text(device, "devnum");
    if (vendor.isEmpty()
        || product.isEmpty()
        || !bus.matches("\\d+")
        || !number.matches("\\d+")
        || text(device, "bDeviceClass").equals(HUB)) {
      return Optional.empty();
    }
    String serial = text(device, "serial");
    return Optional.of(
        new Plugged(
            vendor,
            product,
            serial.isEmpty() ? Optional.empty() : Optional.of(serial),
            (text(device, "manufacturer") + " " + text(device, "product")).strip(),
            Path.of(
                "/dev/bus/usb/%03d/%03d"
                    .formatted(Integer.parseInt(bus), Integer.parseInt(number)))));
  }

  /** A device may say anything of itself: what could confuse a terminal is left out. */
  private static String text(Path device, String name) {
    try {
      byte[] content = Files.readAllBytes(device.resolve(name));
      return new String(content, StandardCharsets.UTF_8)
          .replaceAll("[\\p{Cntrl}\\uFFFD]", "")
          .strip();
    } catch (IOException none) {
      return "";
    }
  }
}
