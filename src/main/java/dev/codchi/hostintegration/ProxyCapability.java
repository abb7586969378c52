package dev.codchi.hostintegration;

import dev.codchi.driver.Containers;
import dev.codchi.machines.capabilities.Attachment;
import dev.codchi.machines.capabilities.Capability;
import dev.codchi.machines.capabilities.MachineSide;
import dev.codchi.machines.capabilities.Offer;
import dev.codchi.network.Bridges;
import dev.codchi.network.HostProxy;
import jakarta.enterprise.context.ApplicationScoped;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/** The person's proxies, as variables of a machine. */
@ApplicationScoped
class ProxyCapability implements Capability {
  private final HostProxy proxy;
  private final Containers containers;

  ProxyCapability(HostProxy proxy, Containers containers) {
    this.proxy = proxy;
    this.containers = containers;
  }

  @Override
  public String name() {
    return "proxy";
  }

  @Override
  public String purpose() {
    return "go through your proxies";
  }

  @Override
  public Consent consent() {
    return Consent.NOT_NEEDED;
  }

  @Override
  public Offer offer() {
    if (!proxy.present()) {
      return new Offer.Absent("none is set");
    }
    String servers = String.join(", ", proxy.describe());
    return proxy.local()
        ? new Offer.Broken(
            servers + " listens on this computer only; machines reach it at the bridge's address")
        : new Offer.Available(servers);
  }

  @Override
  public List<Attachment> attach(MachineSide machine) {
    List<Attachment> all = new ArrayList<>();
    if (proxy.present() && !proxy.local()) {
      List<String> direct = new ArrayList<>(Bridges.networks(containers::nameservers));
      direct.add(machine.machine());
      proxy
          .variables(direct)
          .forEach((name, value) -> all.add(new Attachment.Variable(name, value)));
    }
    return all;
  }

  /** The addresses may hold a password. */
  @Override
  public String state(MachineSide machine) {
    if (!proxy.present()) {
      return "none";
    }
    try {
      byte[] variables = proxy.variables(List.of()).toString().getBytes(StandardCharsets.UTF_8);
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(variables));
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException("every Java has SHA-256", impossible);
    }
  }
}
