package dev.codchi.driver.lxd;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The IPv4 subnet of a bridge and the part of it that its DHCP server gives away.
 *
 * @param gateway the bridge's own address as a number
 * @param prefix bits of the network part
 * @param dynamic ranges that DHCP uses, ends included
 */
record Subnet(long gateway, int prefix, List<Range> dynamic) {
  /** Consecutive addresses, ends included. */
  record Range(long first, long last) {
    boolean contains(long address) {
      return first <= address && address <= last;
    }
  }

  Subnet {
    dynamic = List.copyOf(dynamic);
  }

  /**
   * From a bridge's configuration.
   *
   * @param cidr the bridge's {@code ipv4.address}, for example {@code 10.87.0.1/24}
   * @param ranges the bridge's {@code ipv4.dhcp.ranges}: {@code FIRST-LAST}, separated by commas;
   *     empty when DHCP uses the whole subnet
   * @return nothing when the bridge has no IPv4 address of its own
   */
  static Optional<Subnet> of(String cidr, String ranges) {
    int slash = cidr.indexOf('/');
    if (slash < 0) {
      return Optional.empty();
    }
    List<Range> dynamic = new ArrayList<>();
    for (String range : ranges.split(",", -1)) {
      int dash = range.indexOf('-');
      if (dash > 0) {
        dynamic.add(
            new Range(
                parse(range.substring(0, dash).strip()), parse(range.substring(dash + 1).strip())));
      }
    }
    return Optional.of(
        new Subnet(
            parse(cidr.substring(0, slash)),
            Integer.parseInt(cidr.substring(slash + 1).strip()),
            dynamic));
  }

  /**
   * A free address: outside the DHCP ranges where there is one, because no DHCP client can have it;
   * otherwise any that is not taken, which the caller reserves. Counts down from the end of the
   * subnet, as people count up when they give addresses by hand.
   *
   * @param taken addresses that are in use or reserved
   */
  Optional<String> free(Set<String> taken) {
    long size = 1L << (32 - prefix);
    long network = gateway & -size;
    Optional<String> dynamicAddress = Optional.empty();
    for (long address = network + size - 2; address > network; address--) {
      String text = text(address);
      if (address == gateway || taken.contains(text)) {
        continue;
      }
      if (!isDynamic(address)) {
        return Optional.of(text);
      }
      if (dynamicAddress.isEmpty()) {
        dynamicAddress = Optional.of(text);
      }
    }
    return dynamicAddress;
  }

  private boolean isDynamic(long address) {
    return dynamic.isEmpty() || dynamic.stream().anyMatch(range -> range.contains(address));
  }

  String gatewayAddress() {
    return text(gateway);
  }

  static long parse(String address) {
    String[] parts = address.split("\\.", -1);
    if (parts.length != 4) {
      throw new IllegalArgumentException("no IPv4 address: " + address);
    }
    long number = 0;
    for (String part : parts) {
      int value = Integer.parseInt(part);
      if (value < 0 || value > 255) {
        throw new IllegalArgumentException("no IPv4 address: " + address);
      }
      number = (number << 8) | value;
    }
    return number;
  }

  static String text(long address) {
    return ((address >> 24) & 255)
        + "."
        + ((address >> 16) & 255)
        + "."
        + ((address >> 8) & 255)
        + "."
        + (address & 255);
  }
}
