{ config, lib, ... }:
let inherit (lib) mkOption types; in
{
  options = {
    nixpkgs.hostPlatform = mkOption {
      type = types.either types.str types.attrs;
      default = "x86_64-linux";
      apply = v: if lib.isString v then { system = v; } else v;
      description = "The platform of the system.";
    };
    nixpkgs.flake.source = mkOption { type = types.nullOr (types.either types.str types.path); default = null; description = "The source of nixpkgs."; };
    nixpkgs.config = mkOption { type = types.attrs; default = { }; description = "Configuration of the package set; the stand-in has none."; };
    nixpkgs.overlays = mkOption { type = types.listOf types.raw; default = [ ]; description = "Overlays; the stand-in takes none."; };
    system.stateVersion = mkOption { type = types.str; default = lib.release; description = "The release the system was first made with."; };
    system.nixos.release = mkOption { type = types.str; default = lib.release; readOnly = true; description = "The release."; };
    system.nixos.label = mkOption { type = types.str; default = lib.version; description = "Label of the generation."; };
    system.name = mkOption { type = types.str; default = if config.networking.hostName == "" then "unnamed" else config.networking.hostName; description = "Name of the system."; };
    boot.isContainer = mkOption { type = types.bool; default = false; description = "Whether the system runs in a container."; };
    boot.tmp.useTmpfs = mkOption { type = types.bool; default = false; description = "Whether /tmp is a tmpfs."; };
    boot.nixStoreMountOpts = mkOption { type = types.listOf types.nonEmptyStr; default = [ "ro" "nodev" "nosuid" ]; description = "Mount options of the store."; };
    boot.binfmt.registrations = mkOption { type = types.attrsOf types.attrs; default = { }; description = "Accepted, without effect."; };
    boot.loader.grub.enable = mkOption { type = types.bool; default = false; description = "Accepted, without effect."; };
    boot.kernelParams = mkOption { type = types.listOf types.str; default = [ ]; description = "Parameters of the kernel, in images of disks."; };
    boot.kernel.sysctl = mkOption { type = types.attrsOf types.raw; default = { }; description = "Accepted, without effect."; };
    fileSystems = mkOption { type = types.attrsOf types.attrs; default = { }; description = "Accepted, without effect."; };
    swapDevices = mkOption { type = types.listOf types.attrs; default = [ ]; description = "Accepted, without effect."; };
    documentation = lib.genAttrs [ "enable" "man" "doc" "info" "nixos" "dev" ] (n:
      let o = mkOption { type = types.bool; default = true; description = "Accepted, without effect."; };
      in if n == "enable" then o else { enable = o; });
    time.timeZone = mkOption { type = types.nullOr types.str; default = null; description = "Time zone."; };
    i18n.defaultLocale = mkOption { type = types.str; default = "C.UTF-8"; description = "Locale; the stand-in has C.UTF-8 only."; };
    console.enable = mkOption { type = types.bool; default = true; description = "Whether there are virtual consoles."; };
  };
}
