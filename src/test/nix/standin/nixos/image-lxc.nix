# A container of LXD or Incus.
{ lib, pkgs, ... }:
{
  imports = [ ./first-start.nix ];
  options.image.filePath = lib.mkOption { type = lib.types.str; default = "none"; description = "Where the image is in the output."; };
  config = {
    boot.isContainer = true;
    networking.hostName = lib.mkDefault "";
    networking.useHostResolvConf = false;
    networking.useDHCP = false;
    networking.useNetworkd = lib.mkDefault true;
    systemd.network.networks."50-eth0" = { matchConfig.Name = "eth0"; DHCP = "yes"; };
    systemd.services.systemd-networkd.serviceConfig.BindReadOnlyPaths = [ "/sys" ];
    system.build.image = pkgs.runCommand "no-image" { } "mkdir $out";
  };
}
