# A container of LXD or Incus.
{ lib, pkgs, ... }:
{
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
    # Register the store, and make the system the profile's, when it starts for the first time.
    boot.postBootCommands = ''
      if [ -f /nix-path-registration ]; then
        ${pkgs.nix}/bin/nix-store --load-db </nix-path-registration && rm /nix-path-registration
        ${pkgs.nix}/bin/nix-env -p /nix/var/nix/profiles/system --set /run/current-system
      fi
    '';
  };
}
