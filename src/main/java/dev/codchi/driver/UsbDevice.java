package dev.codchi.driver;

/**
 * A USB device that belongs to the person in a container, whenever it is plugged in.
 *
 * @param name unique within the container
 * @param vendor vendor id, four lower-case hexadecimal digits
 * @param product product id, four lower-case hexadecimal digits
 */
public record UsbDevice(String name, String vendor, String product) implements Device {}
