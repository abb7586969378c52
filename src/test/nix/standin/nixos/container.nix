# What NixOS sets in every container, at the same priorities: a driver that contradicts it must fail here as well.
{ config, lib, ... }:
{
  config = lib.mkIf config.boot.isContainer {
    console.enable = lib.mkDefault false;
    documentation.nixos.enable = lib.mkDefault false;
    environment.variables.NIX_REMOTE = "daemon";
    networking.useHostResolvConf = lib.mkDefault true;
    nix.optimise.automatic = lib.mkDefault false;
    services.openssh.startWhenNeeded = lib.mkDefault true;
    services.udev.enable = false;
  };
}
