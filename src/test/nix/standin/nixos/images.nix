# `system.build.images` and `image.modules` in the shape of nixpkgs, with three images: qemu, raw, lxc.
{ config, lib, pkgs, extendModules, ... }:
let
  inherit (lib) mkOption types;
  configs = lib.mapAttrs (_: module: extendModules { modules = [ module ]; }) config.image.modules;
in
{
  options.image.modules = mkOption {
    type = types.attrsOf types.deferredModule;
    description = "What makes an image of each kind, by name.";
  };
  options.system.build.images = mkOption { type = types.lazyAttrsOf types.raw; readOnly = true; description = "Images, by name."; };

  config = {
    image.modules = {
      lxc = ./image-lxc.nix;
      qemu = ./image-disk.nix;
      raw = { imports = [ ./image-disk.nix ]; image.format = "raw"; };
    };
    system.build.images = lib.mapAttrs (_: nixos: nixos.config.system.build.image // {
      passthru = { inherit (nixos) config; inherit (nixos.config.image) filePath; };
    }) configs;
  };
}
