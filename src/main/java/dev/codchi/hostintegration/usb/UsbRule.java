package dev.codchi.hostintegration.usb;

import dev.codchi.failure.Failure;
import dev.codchi.failure.FailureCode;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Which devices a machine may use: {@code VENDOR:PRODUCT}, or one of them alone with {@code
 * :SERIAL}.
 *
 * @param vendor four lower-case hexadecimal digits, as {@code lsusb} shows them
 * @param product four lower-case hexadecimal digits
 * @param serial the serial number; nothing for all devices of the kind
 */
public record UsbRule(String vendor, String product, Optional<String> serial) {
  private static final Pattern TEXT =
      Pattern.compile("([0-9a-fA-F]{4}):([0-9a-fA-F]{4})(?::([\\x21-\\x7e]{1,126}))?");

  /**
   * Reads a rule.
   *
   * @throws Failure {@code BAD_USAGE}
   */
  public static UsbRule parse(String text) {
    Matcher parts = TEXT.matcher(text);
    if (!parts.matches()) {
      throw Failure.of(FailureCode.BAD_USAGE, "'" + text + "' names no USB device")
          .next(
              "Give VENDOR:PRODUCT or VENDOR:PRODUCT:SERIAL, for example 0483:374b; 'codchi usb list' shows them.");
    }
    return new UsbRule(
        parts.group(1).toLowerCase(Locale.ROOT),
        parts.group(2).toLowerCase(Locale.ROOT),
        Optional.ofNullable(parts.group(3)));
  }

  /** Whether a device is meant. */
  boolean matches(UsbPort.Plugged device) {
    return device.vendor().equals(vendor)
        && device.product().equals(product)
        && (serial.isEmpty() || serial.equals(device.serial()));
  }

  /** As {@link #parse} reads it. */
  @Override
  public String toString() {
    return vendor + ":" + product + serial.map(number -> ":" + number).orElse("");
  }
}
