package dev.codchi.driver;

import java.util.Optional;

/**
 * A USB device that belongs to the person in a container, whenever it is plugged in.
 *
 * @param name unique within the container
 * @param vendor vendor id, four lower-case hexadecimal digits
 * @param product product id, four lower-case hexadecimal digits
 * @param serial serial number, to tell apart devices of one kind; any of them without it
 */
public record UsbDevice(String name, String vendor, String product, Optional<String> serial)
    implements Device {}
