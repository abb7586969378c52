{ config, lib, pkgs, ... }:
let
  inherit (lib) mkOption types;
  off = mkOption { type = types.bool; default = false; description = "Accepted, without effect."; };
  on = mkOption { type = types.bool; default = true; description = "Accepted, without effect."; };
  packages = mkOption { type = types.listOf types.package; default = [ ]; description = "Accepted, without effect."; };
in
{
  options = {
    xdg = lib.genAttrs [ "autostart" "menus" "mime" "icons" "sounds" ] (name: { enable = on; } // lib.optionalAttrs (name == "mime") {
      defaultApplications = mkOption { type = types.attrsOf (types.coercedTo (types.either (types.listOf types.str) types.str) (x: lib.concatStringsSep ";" (lib.toList x)) types.str); default = { }; description = "Accepted, without effect."; };
    });
    fonts.enableDefaultPackages = off;
    fonts.packages = packages;
    fonts.fontconfig.enable = on;
    gtk.iconCache.enable = off;
    hardware.graphics = { enable = off; enable32Bit = off; extraPackages = packages; package = mkOption { type = types.package; default = pkgs.hello; description = "Accepted, without effect."; }; };
    hardware.nvidia-container-toolkit = {
      enable = off; suppressNvidiaDriverAssertion = off; mount-nvidia-executables = on;
      discovery-mode = mkOption { type = types.enum [ "auto" "csv" "nvml" "wsl" ]; default = "auto"; description = "Accepted, without effect."; };
      disable-hooks = mkOption { type = types.listOf types.nonEmptyStr; default = [ "create-symlinks" ]; description = "Accepted, without effect."; };
    };
    hardware.nvidia.package = mkOption { type = types.package; default = pkgs.hello; description = "Accepted, without effect."; };
    hardware.pulseaudio.enable = off;
    services.gnome.gnome-keyring.enable = off;
    services.pipewire.enable = off;
    services.xserver.enable = off;
    services.xserver.videoDrivers = mkOption { type = types.listOf types.str; default = [ ]; description = "Accepted, without effect."; };
    virtualisation.docker = {
      enable = off; enableOnBoot = on; rootless.enable = off; rootless.setSocketVariable = off;
      storageDriver = mkOption { type = types.nullOr types.str; default = null; description = "Accepted, without effect."; };
      package = mkOption { type = types.package; default = pkgs.hello; description = "Accepted, without effect."; };
      daemon.settings = mkOption { type = types.attrs; default = { }; description = "Accepted, without effect."; };
      autoPrune.enable = off;
    };
    virtualisation.podman.enable = off;
    services.postgresql.enable = off;
  };

  config.assertions = [
    {
      assertion = with config; hardware.nvidia-container-toolkit.enable ->
        lib.elem "nvidia" services.xserver.videoDrivers || hardware.nvidia-container-toolkit.suppressNvidiaDriverAssertion;
      message = "hardware.nvidia-container-toolkit needs an NVIDIA driver.";
    }
  ];
}
