package dev.codchi.network;

import java.net.InetAddress;
import java.net.InterfaceAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;
import org.jboss.logging.Logger;

/** The networks between this computer and its containers, which no proxy knows. */
public final class Bridges {
  private Bridges() {}

  /**
   * Addresses of this computer on its bridges, each also as a network ({@code 10.0.3.0/24}): some
   * programs understand networks in {@code no_proxy}, others only addresses.
   *
   * @param addresses asked once
   */
  public static List<String> networks(Supplier<List<String>> addresses) {
    List<String> all = new ArrayList<>();
    for (String address : addresses.get()) {
      all.add(address);
      try {
        InetAddress parsed = InetAddress.getByName(address);
        NetworkInterface bridge = NetworkInterface.getByInetAddress(parsed);
        if (bridge != null) {
          bridge.getInterfaceAddresses().stream()
              .filter(each -> Objects.equals(each.getAddress(), parsed))
              .map(Bridges::network)
              .forEach(all::add);
        }
      } catch (UnknownHostException | SocketException unknown) {
        Logger.getLogger(Bridges.class).debug("no network for " + address, unknown);
      }
    }
    return all;
  }

  private static String network(InterfaceAddress address) {
    byte[] bytes = address.getAddress().getAddress();
    int prefix = address.getNetworkPrefixLength();
    for (int bit = prefix; bit < bytes.length * 8; bit++) {
      bytes[bit / 8] &= (byte) ~(0x80 >> (bit % 8));
    }
    try {
      return InetAddress.getByAddress(bytes).getHostAddress() + "/" + prefix;
    } catch (UnknownHostException impossible) {
      throw new IllegalStateException("its length is that of an address", impossible);
    }
  }
}
