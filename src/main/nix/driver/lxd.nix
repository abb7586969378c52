# LXD and Incus: an unprivileged system container whose PID 1 is this system's own init.
{ config, lib, ... }:
let
  preferred = lib.mkOverride 1100; # as in common.nix
in
{
  config = lib.mkIf (config.codchi.driver.name == "lxd") {
    # The host's display is always number 0 here: what this leads to follows the host's session.
    systemd.tmpfiles.settings."50-codchi-display"."/tmp/.X11-unix/X0"."L+".argument = "/var/lib/codchi/host/x11-display";

    # The clock is the host's.
    services.timesyncd.enable = preferred false;

    networking.useNetworkd = preferred true;
    networking.useDHCP = preferred false;
    networking.useHostResolvConf = false;
    services.resolved.enable = preferred true;
    # The bridge's server, one hop away, remembers answers, and learns of the host's other networks; nothing tells the machine's own,
    # which would go on with answers of the network before. (A file, because the option for it has changed its name.)
    environment.etc."systemd/resolved.conf.d/50-codchi.conf" = lib.mkIf config.services.resolved.enable {
      text = "[Resolve]\nCache=no\n";
    };
    systemd.network.networks."50-codchi" = {
      matchConfig.Name = "eth0";
      networkConfig = {
        DHCP = "yes";
        IPv6AcceptRA = true;
      };
      # The lease belongs to the container, which has a stable address of its own.
      dhcpV4Config.ClientIdentifier = "mac";
      linkConfig.RequiredForOnline = "routable";
    };
    systemd.network.wait-online.anyInterface = preferred true;
    # Where /sys can be written, networkd leaves an interface alone until udev has seen it. There is no udev in a
    # container: networkd gets a /sys that says so.
    systemd.services.systemd-networkd.serviceConfig.BindReadOnlyPaths = [ "/sys" ];
  };
}
